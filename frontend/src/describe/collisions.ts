/** Whether a word can stand for something new, or means something to the model already. */

import { isGerman } from "./class-words.ts";
import { bare, isSubject } from "./described.ts";
import { GIVEN_NAMES, KNOWN_WORDS } from "./known-words.ts";

/** refused: the service would not take it; the others are warnings. */
export type Collision =
  | { readonly kind: "refused" | "class" | "known" | "name" | "famous" | "digits" | "short" | "long" }
  | { readonly kind: "taken"; readonly by: string };

export type Taken = { readonly subject: string; readonly name: string };

const SHORTEST = 3;
const LONGEST = 12;
/** Handed down from the first papers, and a rifle. */
const FAMOUS = "sks";

/** The first thing to say against `subject`; undefined where there is nothing. */
export function collision(subject: string, classWord: string, taken: readonly Taken[]): Collision | undefined {
  const word = subject.toLowerCase();
  if (!isSubject(word)) return { kind: "refused" };
  if (
    bare(classWord)
      .toLowerCase()
      .split(/[\s-]+/)
      .includes(word)
  )
    return { kind: "class" };
  const other = taken.find((each) => each.subject.toLowerCase() === word);
  if (other) return { kind: "taken", by: other.name };
  if (word === FAMOUS) return { kind: "famous" };
  if (/^[\d-]+$/.test(word)) return { kind: "digits" };
  if (GIVEN_NAMES.has(word)) return { kind: "name" };
  if (isKnown(word)) return { kind: "known" };
  if (word.length < SHORTEST) return { kind: "short" };
  return word.length > LONGEST ? { kind: "long" } : undefined;
}

/** A word with a number or an ending is the same word to the model; so are known words in a row. */
export function isKnown(word: string): boolean {
  const parts = word.replace(/\d+/g, "-").split("-").filter(Boolean);
  return (
    parts.length > 0 && parts.every((part) => stems(part).some((stem) => KNOWN_WORDS.has(stem) || GIVEN_NAMES.has(stem) || isGerman(stem)))
  );
}

const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/ies$/, "y"],
  [/ves$/, "f"],
  [/es$/, ""],
  [/s$/, ""],
  [/y$/, ""],
  [/(.)\1(ing|ed|er|y)$/, "$1"],
  [/(ing|ed|er)$/, ""],
  [/(ing|ed|er)$/, "e"],
];

function stems(word: string): string[] {
  return [word, ...ENDINGS.filter(([ending]) => ending.test(word)).map(([ending, instead]) => word.replace(ending, instead))];
}
