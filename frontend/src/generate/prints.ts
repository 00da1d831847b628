/** A print: one picture of a generation, with what it was asked for. */

import type { Generation } from "../api/types.ts";

export type Picture = Generation["pictures"][number];
export type Print = { readonly key: string; readonly made: Generation; readonly picture: Picture };

export const keyOf = (made: Generation, picture: Picture): string => `${made.id}.${picture.number}`;

const known = new WeakMap<Generation, readonly Print[]>();

/** The same objects for the same generation, so that what is drawn of them is drawn once. */
export function printsOf(made: Generation): readonly Print[] {
  const before = known.get(made);
  if (before) return before;
  const prints = made.pictures.map((picture) => ({ key: keyOf(made, picture), made, picture }));
  known.set(made, prints);
  return prints;
}

export type Place = { readonly id: string; readonly number: number };

/** "1c4y…bs.2" names the third picture of a generation. */
export function placeOf(key: string): Place | undefined {
  const found = /^([0-9a-z]{26})\.(\d)$/.exec(key);
  return found?.[1] && found[2] ? { id: found[1], number: Number(found[2]) } : undefined;
}

export function isUnderway(made: Generation): boolean {
  return made.state === "waiting" || made.state === "drawing";
}

/** Why there is no picture to see. */
export type Missing = "waiting" | "developing" | "blocked" | "undrawn";

export function missing({ made, picture }: Print): Missing | undefined {
  if (picture.url) return;
  if (picture.blocked) return "blocked";
  if (!isUnderway(made)) return "undrawn";
  return picture.number === nextOf(made) && made.state === "drawing" ? "developing" : "waiting";
}

/** They are drawn one after another. */
function nextOf(made: Generation): number | undefined {
  return made.pictures.find((picture) => !picture.url && !picture.blocked)?.number;
}

export const arrived = (made: Generation): number => made.pictures.filter((picture) => picture.url || picture.blocked).length;
