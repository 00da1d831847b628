/** Prints laid side by side: which ones, and in what they differ. */

import type { Generation } from "../api/types.ts";
import { keyOf, type Place, type Print, placeOf } from "./prints.ts";

export const MOST = 4;

/** From an address such as /prints?compare=ID.0~ID.2; what is no print is left out. */
export function placesIn(compare: unknown): readonly Place[] {
  if (typeof compare !== "string") return [];
  const keys = [...new Set(compare.split("~"))].slice(0, MOST);
  return keys.map(placeOf).filter((place) => place !== undefined);
}

export const addressOf = (keys: readonly string[]): string => keys.slice(0, MOST).join("~");

/** The print of the untuned model, if it was drawn already, from the same words and the same seed. */
export function twin({ made, picture }: Print, others: readonly Generation[]): string | undefined {
  const alike = others.filter((other) => other.base && other.model === made.model && wordsAndNumbers(other) === wordsAndNumbers(made));
  const keys = alike.flatMap((other) =>
    other.pictures.filter(({ seed, url }) => url && seed === picture.seed).map((one) => keyOf(other, one)),
  );
  return keys[0];
}

const wordsAndNumbers = ({ prompt, negativePrompt, steps, guidance }: Generation) =>
  JSON.stringify([prompt, negativePrompt, steps, guidance]);

export const SETTINGS = ["model", "version", "prompt", "negative", "seed", "steps", "guidance"] as const;
export type Setting = (typeof SETTINGS)[number];
/** One value a print, in their order. */
export type Line = { readonly setting: Setting; readonly values: readonly string[] };

export type Said = {
  /** The model's name by its id. */
  readonly model: (id: string) => string;
  readonly version: (print: Print) => string;
  readonly number: (value: number) => string;
};

/** In what they differ, and what is the same in all. */
export function compared(prints: readonly Print[], say: Said): { readonly differ: readonly Line[]; readonly same: readonly Line[] } {
  const lines = SETTINGS.map((setting) => ({ setting, values: prints.map((print) => value(print, setting, say)) }));
  const differs = ({ values }: Line) => new Set(values).size > 1;
  return { differ: lines.filter(differs), same: lines.filter((line) => !differs(line)) };
}

function value(print: Print, setting: Setting, say: Said): string {
  const { made, picture } = print;
  switch (setting) {
    case "model":
      return say.model(made.model);
    case "version":
      return say.version(print);
    case "prompt":
      return made.prompt;
    case "negative":
      return made.negativePrompt;
    case "seed":
      return String(picture.seed);
    case "steps":
      return say.number(made.steps);
    case "guidance":
      return say.number(made.guidance);
  }
}

export type Word = { readonly text: string; readonly own: boolean };

/** The words of one prompt, and which of them some other prompt lacks. */
export function wordsApart(text: string, others: readonly string[]): readonly Word[] {
  const theirs = others.map((other) => new Set(bare(other)));
  return text.split(/(\s+)/).map((word) => ({ text: word, own: bare(word).some((one) => theirs.some((set) => !set.has(one))) }));
}

const bare = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];

/** What all of them show of their picture: how many times larger, and which point in the middle, from 0 to 1. */
export type View = { readonly scale: number; readonly x: number; readonly y: number };
export const WHOLE: View = { scale: 1, x: 0.5, y: 0.5 };
export const SCALES = [1, 2, 4] as const;

export function moved(view: View, right: number, down: number): View {
  return held({ ...view, x: view.x + right / view.scale, y: view.y + down / view.scale });
}

export function scaled(view: View, scale: number): View {
  return held({ ...view, scale });
}

/** Never past an edge. */
function held({ scale, x, y }: View): View {
  const half = 0.5 / scale;
  const inside = (at: number) => Math.min(1 - half, Math.max(half, at));
  return { scale, x: inside(x), y: inside(y) };
}

/** The point that was pressed comes to the middle, twice as large; pressed at the largest, everything is shown again. */
export function pressed(view: View, atX: number, atY: number): View {
  const scale = SCALES.find((larger) => larger > view.scale);
  if (!scale) return WHOLE;
  const at = { x: view.x + (atX - 0.5) / view.scale, y: view.y + (atY - 0.5) / view.scale };
  return held({ scale, ...at });
}
