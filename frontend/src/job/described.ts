/** The words of a sheet: what it shows, the word that will stand for it, and a name. */

import type { Description } from "../api/api.ts";

/** What stands in for words that are not written yet. */
const UNNAMED = { name: "New sheet", classWord: "thing" };
const CLASS_WORD = /^[a-z][a-z -]{0,63}$/i;
const SUBJECT = /^[a-z0-9][a-z0-9-]{1,31}$/i;

/** "a cat" is a cat. */
export function bare(classWord: string): string {
  return classWord.trim().replace(/^(a|an|the)\s+/i, "");
}

export const isClassWord = (classWord: string): boolean => CLASS_WORD.test(bare(classWord));

export const isSubject = (subject: string): boolean => SUBJECT.test(subject);

/** As the service takes it; undefined while a word is not one. */
export function described({ name, subject, classWord }: Description): Description | undefined {
  const what = bare(classWord) || UNNAMED.classWord;
  if (!isClassWord(what) || !isSubject(subject)) return undefined;
  const named = name.trim() || (bare(classWord) ? what.charAt(0).toUpperCase() + what.slice(1) : UNNAMED.name);
  return { name: named, subject, classWord: what };
}

/** As the designer wrote it. */
export function written(job: Description): Description {
  const unnamed = job.name === UNNAMED.name && job.classWord === UNNAMED.classWord;
  return { name: unnamed ? "" : job.name, subject: job.subject, classWord: unnamed ? "" : job.classWord };
}
