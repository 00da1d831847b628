/** What is worth a second look before it is learnt; nothing of it stops anybody. */

import type { Preset } from "../api/jobs.ts";
import { oneSided, type Warning as Remarked, remarkOn } from "../choose/coach.ts";
import { type Frame, frameNumber, isKept, type Limits } from "../choose/frames.ts";

export type Warning =
  | { readonly kind: "soft" | "small" | "near"; readonly numbers: readonly string[] }
  | { readonly kind: "background" | "side"; readonly alike: number; readonly of: number }
  | { readonly kind: "few"; readonly count: number };

/** Fewer than these are learnt by heart when they are learnt for long. */
const ENOUGH_TO_BE_THOROUGH = 10;

/** `frames` are all of the film, so that the numbers are those on its edge. */
export function warnings(frames: readonly Frame[], limits: Limits, preset: Preset): Warning[] {
  const kept = frames.filter(isKept);
  const one = oneSided(frames);
  const few = preset === "thorough" && kept.length > 0 && kept.length < ENOUGH_TO_BE_THOROUGH;
  return [
    ...faulty(frames, limits, "soft"),
    ...faulty(frames, limits, "small"),
    ...twins(frames, limits).map((numbers) => ({ kind: "near", numbers }) as const),
    ...(one ? [{ kind: one.code, alike: one.alike, of: one.of }] : []),
    ...(few ? [{ kind: "few", count: kept.length } as const] : []),
  ];
}

function faulty(frames: readonly Frame[], limits: Limits, kind: Exclude<Remarked, "near">): Warning[] {
  const numbers = frames.flatMap((frame, index) => (remarkOn(frame, frames, limits).warnings.includes(kind) ? [frameNumber(index)] : []));
  return numbers.length > 0 ? [{ kind, numbers }] : [];
}

/** Each group of frames that show nearly the same, once. */
function twins(frames: readonly Frame[], limits: Limits): (readonly string[])[] {
  const groups = new Map<Frame, string[]>();
  frames.forEach((frame, index) => {
    const first = remarkOn(frame, frames, limits).near;
    if (first) groups.set(first, [...(groups.get(first) ?? [frameNumber(frames.indexOf(first))]), frameNumber(index)]);
  });
  return [...groups.values()];
}
