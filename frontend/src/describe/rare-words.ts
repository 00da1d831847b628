/** Words that mean nothing yet: short, so that the model takes them whole; sayable, so that a designer remembers them. */

import { collision, type Taken } from "./collisions.ts";

const MADE_UP = `
  ohwx vexl jorv quzo tylq wuvo xolm dravq zimk plox fenq hyxo mivq nolx orvq pyxl ruvq snoq tavx ulmq wexo zarq bixo cuvl dwox evoq glyv hazq ivlo
  jexo klyx lumq moxv nyvo oxel pwiq qelm ryxo svoq tuxl umvo vqor wilx yzma zodq`
  .trim()
  .split(/\s+/);

/** For whoever wants a word: first what is near to theirs, then made-up ones, each free of trouble. `turn` asks for another one. */
export function rareWord(like: string, classWord: string, taken: readonly Taken[], turn: number): string {
  const free = [...new Set([...near(like), ...inTurn(like + classWord)])].filter((word) => !collision(word, classWord, taken));
  return free[turn % free.length] ?? "";
}

/** "chelsea" without its first inner vowel, and without all of them: near enough to remember. */
function near(word: string): string[] {
  const letters = word
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .slice(0, 8);
  if (letters.length < 4) return [];
  const head = letters.charAt(0);
  const rest = letters.slice(1);
  return [head + rest.replace(/[aeiou]/, ""), head + rest.replace(/[aeiou]/g, "")].filter((each) => each.length > 2 && each !== letters);
}

/** Not the same first word for everybody. */
function inTurn(seed: string): string[] {
  const start = [...seed].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7) % MADE_UP.length;
  return [...MADE_UP.slice(start), ...MADE_UP.slice(0, start)];
}
