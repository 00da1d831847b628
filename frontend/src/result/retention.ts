import { LOCALE } from "../words/format.ts";
import type { Language } from "../words/words.ts";

/** When the pictures of a job are deleted. They are at most a day younger than the job. */
export function deletionOf(created: string, days: number): Date {
  return new Date(Date.parse(created) + days * 86_400_000);
}

/** "22 December" */
export const inFull = (date: Date, language: Language): string =>
  date.toLocaleDateString(LOCALE[language], { day: "numeric", month: "long" });
