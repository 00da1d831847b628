/** The words of a sheet as the designer writes them, and as the service takes them. */

import type { Description, JobChange, Method, Preset } from "../api/jobs.ts";
import type { JobDetail } from "../api/types.ts";

/** All that a designer says of a sheet. An empty name means: called as what it shows. */
export type Words = Description & { readonly method: Method; readonly preset: Preset; readonly consent: boolean };

/** What stands in for words that are not written yet. */
const UNNAMED = { name: "New sheet", classWord: "thing" };
const CLASS_WORD = /^[a-z][a-z -]{0,63}$/i;
const SUBJECT = /^[a-z0-9][a-z0-9-]{1,31}$/i;

/** "a cat" is a cat. */
export function bare(classWord: string): string {
  return spaced(classWord).replace(/^(a|an|the)(\s+|$)/i, "");
}

export const isClassWord = (classWord: string): boolean => CLASS_WORD.test(bare(classWord));

export const isSubject = (subject: string): boolean => SUBJECT.test(subject);

/** What a sheet of such things is called unless it is given a name. */
export function namedAfter(classWord: string): string {
  const what = bare(classWord);
  return what ? what.charAt(0).toUpperCase() + what.slice(1) : UNNAMED.name;
}

/** As the service takes it; undefined while a word is not one. */
export function described({ name, subject, classWord }: Description): Description | undefined {
  const what = bare(classWord) || UNNAMED.classWord;
  if (!isClassWord(what) || !isSubject(subject)) return undefined;
  return { name: spaced(name) || namedAfter(classWord), subject, classWord: what };
}

/** As the designer wrote it. */
export function written(job: Description): Description {
  const unnamed = job.name === UNNAMED.name && job.classWord === UNNAMED.classWord;
  const classWord = unnamed ? "" : job.classWord;
  return { name: job.name === namedAfter(classWord) ? "" : job.name, subject: job.subject, classWord };
}

export function wordsOf(job: JobDetail): Words {
  return { ...written(job), method: job.method, preset: job.preset, consent: job.consented !== null };
}

/** What the service has to be told so that it has these words. What is no word yet waits, and holds up nothing else. */
export function changes(words: Words, kept: Words): JobChange {
  const [wanted, stored] = [asTaken(words), asTaken(kept)];
  const differing = Object.entries(wanted).filter(([field, value]) => value !== stored[field as keyof JobChange]);
  return Object.fromEntries(differing);
}

function asTaken({ name, subject, classWord, method, preset, consent }: Words): JobChange {
  const what = bare(classWord) || UNNAMED.classWord;
  const words = isClassWord(what) ? { name: spaced(name) || namedAfter(classWord), classWord: what } : {};
  return { ...words, ...(isSubject(subject) ? { subject } : {}), method, preset, consent };
}

/** As the service writes text: single spaces, none at the ends. */
function spaced(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
