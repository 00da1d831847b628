/** What can be said of a picture from a small copy of it. Everything here is a function of its pixels. */

export type Pixels = { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number };

/** `print`: 64 bits as hex, near for pictures that are nearly the same; empty for one that is all one tone.
 * `sharpness`: see there. `colours`: those of 6 by 6 fields, three bytes each, row by row. */
export type Look = { readonly print: string; readonly sharpness: number; readonly colours: readonly number[] };

/** The longer side of the copy that is looked at: as large as what a model is trained on, since softness that is not seen there does not matter. */
export const LOOKED_AT = 512;

export const FIELDS = 6;

export function lookOf(pixels: Pixels): Look {
  const grey = greyOf(pixels);
  return { print: printOf(grey), sharpness: sharpness(grey), colours: colours(pixels) };
}

type Grey = { readonly tones: Float32Array; readonly width: number; readonly height: number };

function greyOf({ data, width, height }: Pixels): Grey {
  const tones = new Float32Array(width * height);
  for (let at = 0; at < tones.length; at++) {
    tones[at] = 0.299 * (data[at * 4] ?? 0) + 0.587 * (data[at * 4 + 1] ?? 0) + 0.114 * (data[at * 4 + 2] ?? 0);
  }
  return { tones, width, height };
}

/** Of 256 tones: where the whole picture has no more between dark and light, its print says nothing. */
const FLAT = 8;

/** Whether each of eight by eight fields is lighter than the one to its right. */
function printOf(grey: Grey): string {
  const fields = boxes(grey, 9, 8);
  if (Math.max(...fields) - Math.min(...fields) < FLAT) return "";
  let print = "";
  for (let row = 0; row < 8; row++) {
    let bits = 0;
    for (let column = 0; column < 8; column++) {
      const at = row * 9 + column;
      bits = (bits << 1) | Number((fields[at] as number) > (fields[at + 1] as number));
    }
    print += bits.toString(16).padStart(2, "0");
  }
  return print;
}

/** In how many of their 64 bits two prints differ; all of them where one says nothing. */
export function distance(one: string, other: string): number {
  if (!one || !other) return 64;
  let differing = 0;
  for (let at = 0; at < 16; at += 4) {
    let bits = Number.parseInt(one.slice(at, at + 4), 16) ^ Number.parseInt(other.slice(at, at + 4), 16);
    for (; bits; bits &= bits - 1) differing++;
  }
  return differing;
}

/** What of the contrast is in the finest detail (variance of the Laplacian over variance of the tones), in the second sharpest of 4 by 4 parts:
 * a soft background is no fault while something in front of it is sharp, and one speck of dust makes no picture sharp. */
function sharpness(grey: Grey): number {
  const parts: number[] = [];
  for (let row = 0; row < 4; row++) for (let column = 0; column < 4; column++) parts.push(detail(grey, row, column));
  return parts.sort((one, other) => other - one)[1] ?? 0;
}

/** Keeps sensor noise in an even grey from counting as detail. */
const NOISE = 25;

function detail({ tones, width, height }: Grey, row: number, column: number): number {
  const [top, bottom] = [Math.max(1, part(row, height)), Math.min(height - 1, part(row + 1, height))];
  const [left, right] = [Math.max(1, part(column, width)), Math.min(width - 1, part(column + 1, width))];
  const edges: number[] = [];
  const plain: number[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = y * width + x;
      const around = (tones[at - 1] as number) + (tones[at + 1] as number) + (tones[at - width] as number) + (tones[at + width] as number);
      plain.push(tones[at] as number);
      edges.push(4 * (tones[at] as number) - around);
    }
  }
  return variance(edges) / (variance(plain) + NOISE);
}

const part = (index: number, side: number): number => Math.floor((index * side) / 4);

function variance(values: readonly number[]): number {
  if (values.length === 0) return 0;
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}

function colours({ data, width, height }: Pixels): number[] {
  const channels = [0, 1, 2].map((channel) => {
    const tones = new Float32Array(width * height);
    for (let at = 0; at < tones.length; at++) tones[at] = data[at * 4 + channel] ?? 0;
    return boxes({ tones, width, height }, FIELDS, FIELDS);
  });
  return Array.from({ length: FIELDS * FIELDS * 3 }, (_, at) => Math.round(channels[at % 3]?.[Math.floor(at / 3)] ?? 0));
}

/** The mean tones of so many fields across and down. */
function boxes({ tones, width, height }: Grey, across: number, down: number): number[] {
  const means: number[] = [];
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      means.push(mean(tones, width, bounds(column, across, width), bounds(row, down, height)));
    }
  }
  return means;
}

type Bounds = readonly [from: number, to: number];

function bounds(index: number, count: number, side: number): Bounds {
  const from = Math.min(side - 1, Math.floor((index * side) / count));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * side) / count))];
}

function mean(tones: Float32Array, width: number, [left, right]: Bounds, [top, bottom]: Bounds): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += tones[y * width + x] as number;
  return sum / ((right - left) * (bottom - top));
}
