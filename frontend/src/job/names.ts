import { clock, day } from "../words/format.ts";
import type { Language, Words } from "../words/words.ts";

/** "4KX2": enough of an id to tell a designer's sheets apart. */
export function sheetCode(id: string): string {
  return id.slice(-4).toUpperCase();
}

/** "today, 14:07", "yesterday, 9:30", "22 Nov, 14:07". */
export function moment(at: string, say: Words["job"], language: Language, now = new Date()): string {
  const time = clock(at, language);
  const days = Math.round((midnight(now) - midnight(new Date(at))) / 86_400_000);
  if (days === 0) return say.today(time);
  return days === 1 ? say.yesterday(time) : say.earlier(day(at, language), time);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
