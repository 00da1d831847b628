/** The losses that this page has seen of a job: the service tells only the present one. */

export type Point = { readonly step: number; readonly loss: number };

const seen = new Map<string, Point[]>();

export function remember(job: string, step: number, loss: number | null): readonly Point[] {
  const points = seen.get(job) ?? [];
  seen.set(job, points);
  const last = points.at(-1);
  if (loss !== null && step > (last?.step ?? 0)) points.push({ step, loss });
  else if (last && step < last.step) seen.set(job, loss === null ? [] : [{ step, loss }]);
  return seen.get(job) ?? [];
}

/** The path of the curve in a box, and where its last point is. */
export function curve(
  points: readonly Point[],
  total: number,
  width: number,
  height: number,
): { path: string; end: readonly [number, number] } {
  const top = Math.max(...points.map((point) => point.loss)) * 1.1 || 1;
  const at = points.map(({ step, loss }) => [(step / Math.max(total, 1)) * width, height - (loss / top) * height] as const);
  const path = at.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return { path, end: at.at(-1) ?? [0, height] };
}
