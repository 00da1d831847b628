/** What becomes of a file before it is sent, and when it is sent as it is. */

import { type Kind, TYPES } from "./kinds.ts";
import type { Look } from "./look.ts";
import { isBare } from "./metadata.ts";

/** Shares of the upright picture, from its top left corner. */
export type Crop = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** Why a file cannot be used. */
export type Refusal =
  | { readonly code: "kind"; readonly kind: Kind }
  | { readonly code: "unreadable" }
  | { readonly code: "small"; readonly width: number; readonly height: number; readonly least: number }
  | { readonly code: "large"; readonly size: number; readonly most: number };

/** A picture as it is sent: `file`, with what was seen in it. `located`: the original said where it was taken. */
export type Prepared = {
  readonly file: Blob;
  readonly type: string;
  readonly crc32c: string;
  readonly width: number;
  readonly height: number;
  readonly preview: Blob;
  readonly look: Look;
  readonly located: boolean;
};

export type Order = { readonly blob: Blob; readonly crop?: Crop | undefined; readonly least: number };
export type Answer = { readonly prepared: Prepared } | { readonly refused: Refusal };

/** The longer side of what is sent: four times what a model sees, so that nothing is lost that could be learnt, and a phone's photo
 * takes half a megabyte of the line instead of five. */
export const LONGEST = 2048;

/** Above this a file is never worth sending as it is, nor worth reading whole to find out. */
export const AS_IT_IS_BYTES = 6 * 2 ** 20;

/** Nobody can look at more here; a file that is larger is refused before it is read. */
export const MOST_BYTES = 250 * 2 ** 20;

/** A picture that is small enough and holds nothing but its pixels is sent byte for byte. Any other is drawn anew, upright, as a JPEG:
 * what is drawn anew has no place, no time, no camera and no owner in it, whatever format the original was and whatever it held. */
export function goesAsItIs(bytes: Uint8Array, kind: Kind, width: number, height: number): boolean {
  return kind in TYPES && Math.max(width, height) <= LONGEST && isBare(bytes, kind);
}

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The cropped part in pixels of the upright picture. */
export function boxOf(crop: Crop | undefined, width: number, height: number): Box {
  if (!crop) return { x: 0, y: 0, width, height };
  const x = Math.min(width - 1, Math.max(0, Math.round(crop.left * width)));
  const y = Math.min(height - 1, Math.max(0, Math.round(crop.top * height)));
  return {
    x,
    y,
    width: Math.max(1, Math.min(width - x, Math.round(crop.width * width))),
    height: Math.max(1, Math.min(height - y, Math.round(crop.height * height))),
  };
}

/** As large as fits, never larger than it is. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
