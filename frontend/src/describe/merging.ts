/** The words of one sheet, changed here and perhaps elsewhere: nobody's are written over unseen. */

import type { Words } from "./described.ts";

export type Clash = Partial<Words>;
export type Merged = { readonly words: Words; readonly clash: Clash };

/** `before` is what both began with, `mine` was typed here, `theirs` is what the service has now. Where both have changed the same
 * word, mine stays on the page, and theirs is told as a clash. */
export function merged(before: Words, mine: Words, theirs: Words): Merged {
  const fields = Object.keys(mine) as (keyof Words)[];
  const changedBoth = fields.filter((field) => mine[field] !== before[field] && theirs[field] !== before[field]);
  const clashing = changedBoth.filter((field) => mine[field] !== theirs[field]);
  const changedThere = fields.filter((field) => mine[field] === before[field]);
  return { words: { ...mine, ...only(theirs, changedThere) }, clash: only(theirs, clashing) };
}

/** What can be sent: the words without those that two people have changed. */
export function undisputed(words: Words, kept: Words, clash: Clash): Words {
  return { ...words, ...only(kept, Object.keys(clash) as (keyof Words)[]) };
}

function only(words: Words, fields: readonly (keyof Words)[]): Partial<Words> {
  return Object.fromEntries(fields.map((field) => [field, words[field]]));
}
