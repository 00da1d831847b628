/** The curve of the losses that the service keeps of the whole attempt. */

export type Point = { readonly step: number; readonly loss: number };

const NEIGHBOURS = 4;

/** As the service tells them, with the present one; what is no number is left out. */
export function points(losses: readonly (readonly number[])[], step: number, loss: number | null): Point[] {
  const told = losses.map(([at = 0, value = Number.NaN]) => ({ step: at, loss: value }));
  const present = loss !== null && step > (told.at(-1)?.step ?? 0) ? [{ step, loss }] : [];
  return [...told, ...present].filter((point) => Number.isFinite(point.loss));
}

/** Each point as the mean of its neighbours: the losses of single steps tremble. */
export function smooth(all: readonly Point[]): Point[] {
  return all.map(({ step }, index) => {
    const near = all.slice(Math.max(0, index - NEIGHBOURS), index + NEIGHBOURS + 1);
    return { step, loss: near.reduce((sum, point) => sum + point.loss, 0) / near.length };
  });
}

export function lowest(all: readonly Point[]): Point | undefined {
  return all.reduce<Point | undefined>((low, point) => (low && low.loss <= point.loss ? low : point), undefined);
}

/** About so many of them, evenly, with the first and the last. */
export function some(all: readonly Point[], count: number): Point[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.round((index * (all.length - 1)) / (count - 1))]).filter(
    (point) => point !== undefined,
  );
}

export type Box = { readonly width: number; readonly height: number; readonly total: number; readonly top: number };

/** A round number above all losses. */
export function topOf(all: readonly Point[]): number {
  const most = Math.max(...all.map((point) => point.loss), 0.001);
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 1.5, 2, 3, 5, 7.5, 10].find((each) => each * power >= most) ?? 10;
  return Number((factor * power).toPrecision(2));
}

export function place({ step, loss }: Point, { width, height, total, top }: Box): readonly [number, number] {
  return [(step / Math.max(total, step, 1)) * width, height - (Math.min(loss, top) / top) * height];
}

export function path(all: readonly Point[], box: Box): string {
  return all
    .map((point) => place(point, box))
    .map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
}
