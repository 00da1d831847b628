/** What a set of pictures is like to learn from: what is soft, small or nearly the same, and what repeats in most of them. It warns, and never stands in the way. */

import { type Frame, isKept, type Limits } from "./frames.ts";
import { distance, FIELDS, type Look } from "./look.ts";

/** Of `Look.sharpness`. Twelve sharp photos measured 0.31 to 6, the same ones blurred by two pixels of 512 at most 0.05. */
export const SOFT_BELOW = 0.06;

/** Of the 64 bits of a print. Copies that were resized, brightened or saved anew differ in up to 4, a burst's shots in 3 to 8; photos of different
 * things in 20 to 44. The service holds 5 to be alike, too. */
const NEAR_BITS = 5;

/** Of 255: fields of a border that differ by less on the whole are the same background in the same light. */
const SAME_BORDER = 22;

/** Of the correlation of the brightness of the fields inside, above which two pictures are laid out alike. */
const SAME_LAYOUT = 0.8;

/** A set is one-sided when more than this share of it is alike, and there are enough pictures to say so. */
const MOST = 0.6;
const ENOUGH = 5;

export type Warning = "soft" | "small" | "near";

/** What speaks against a frame, the worst first. `near` is the earlier frame that shows nearly the same. */
export type Remark = { readonly warnings: readonly Warning[]; readonly near: Frame | undefined };

export const NONE: Remark = { warnings: [], near: undefined };

export type Remarks = ReadonlyMap<string, Remark>;

/** Those on all frames, by key. */
export function remarksOn(frames: readonly Frame[], limits: Limits): Remarks {
  return new Map(frames.map((frame) => [frame.key, remarkOn(frame, frames, limits)]));
}

export function remarkOn(frame: Frame, frames: readonly Frame[], limits: Limits): Remark {
  if (!isKept(frame)) return NONE;
  const near = nearTo(frame, frames);
  const warnings: Warning[] = [];
  if (near) warnings.push("near");
  if (frame.look?.print && frame.look.sharpness < SOFT_BELOW) warnings.push("soft");
  if (isSmall(frame, limits)) warnings.push("small");
  return { warnings, near };
}

function isSmall({ width, height }: Frame, { goodSide }: Limits): boolean {
  return width > 0 && Math.min(width, height) < goodSide;
}

/** The first frame before it that shows nearly the same, as we see it or as the service does. */
function nearTo(frame: Frame, frames: readonly Frame[]): Frame | undefined {
  const before = frames.slice(0, frames.indexOf(frame)).filter(isKept);
  return before.find((other) => areNear(frame, other));
}

function areNear(one: Frame, other: Frame): boolean {
  if (one.uploadId && other.uploadId && (one.alike.includes(other.uploadId) || other.alike.includes(one.uploadId))) return true;
  return distance(one.look?.print ?? "", other.look?.print ?? "") <= NEAR_BITS;
}

/** How many of the kept pictures share a background, or are laid out alike, where that is most of them. */
export type OneSided = { readonly code: "background" | "side"; readonly alike: number; readonly of: number };

/** Near twins count once: that they are alike is said already. */
export function oneSided(frames: readonly Frame[]): OneSided | undefined {
  const looks = frames
    .filter((frame) => isKept(frame) && !nearTo(frame, frames))
    .map((frame) => frame.look)
    .filter((look): look is Look => Boolean(look?.print));
  if (looks.length < ENOUGH) return undefined;
  const most = Math.max(4, Math.floor(looks.length * MOST) + 1);
  const side = largest(looks, (one, other) => correlation(inside(one), inside(other)) > SAME_LAYOUT);
  if (side >= most) return { code: "side", alike: side, of: looks.length };
  const background = largest(looks, (one, other) => difference(border(one), border(other)) < SAME_BORDER);
  return background >= most ? { code: "background", alike: background, of: looks.length } : undefined;
}

/** The most pictures that are alike to one of them, that one included. */
function largest(looks: readonly Look[], alike: (one: Look, other: Look) => boolean): number {
  return Math.max(...looks.map((one) => looks.filter((other) => other === one || alike(one, other)).length));
}

const isBorder = (field: number): boolean => {
  const [row, column] = [Math.floor(field / FIELDS), field % FIELDS];
  return row === 0 || column === 0 || column === FIELDS - 1;
};

/** The colours of the fields at the top, left and right: below, things stand on something. */
function border({ colours }: Look): number[] {
  return colours.filter((_, at) => isBorder(Math.floor(at / 3)));
}

/** The brightness of the fields in the middle. */
function inside({ colours }: Look): number[] {
  return Array.from({ length: FIELDS * FIELDS }, (_, field) => field)
    .filter((field) => !isBorder(field))
    .map((field) => (colours[field * 3] ?? 0) * 0.299 + (colours[field * 3 + 1] ?? 0) * 0.587 + (colours[field * 3 + 2] ?? 0) * 0.114);
}

/** Of colours, on the whole: a few fields that are covered by what is shown weigh little. */
function difference(one: readonly number[], other: readonly number[]): number {
  const apart = one.map((value, at) => Math.abs(value - (other[at] ?? 0))).sort((a, b) => a - b);
  return apart[Math.floor(apart.length * 0.7)] ?? 0;
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [centred(one), centred(other)];
  const product = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  const scale = Math.sqrt(product(a, a) * product(b, b));
  return scale > 0 ? product(a, b) / scale : 0;
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** How good a set is, in one word; `looking` until all of them have been looked at, `few` as long as there are too few to say. */
export type Grade = "looking" | "few" | "good" | "fair" | "weak";

export type Judgement = {
  readonly grade: Grade;
  readonly kept: number;
  readonly soft: number;
  readonly small: number;
  readonly near: number;
  readonly oneSided: OneSided | undefined;
};

export function judged(frames: readonly Frame[], limits: Limits, said = remarksOn(frames, limits)): Judgement {
  const kept = frames.filter(isKept);
  const remarks = kept.map(({ key }) => said.get(key) ?? NONE);
  const count = (warning: Warning) => remarks.filter(({ warnings }) => warnings.includes(warning)).length;
  const looking = kept.some(({ phase }) => phase === "reading");
  const one = looking ? undefined : oneSided(frames);
  const clean = remarks.filter(({ warnings }) => warnings.length === 0).length;
  const counts = { kept: kept.length, soft: count("soft"), small: count("small"), near: count("near"), oneSided: one };
  return { ...counts, grade: looking ? "looking" : graded(kept.length, clean, Boolean(one), limits) };
}

/** Good: enough that nothing speaks against, most of all there are. Weak: fewer than the least without fault, or half of them faulty. */
function graded(kept: number, clean: number, lopsided: boolean, { minPictures }: Limits): Grade {
  if (kept < minPictures) return "few";
  if (clean < minPictures || clean * 2 < kept) return "weak";
  return lopsided || clean * 5 < kept * 4 ? "fair" : "good";
}
