/** Whether a model answers, until when, and what that costs: in words, as functions of what is known. */

import type { Deployment } from "../api/types.ts";
import { clock, day, money } from "../words/format.ts";
import type { Language, Words } from "../words/words.ts";

type Say = Words["library"]["endpoint"];

/** "awake until 16:40, $0.95 an hour" */
export function endpointLine(there: Deployment, say: Say, language: Language, now = new Date()): string {
  switch (there.state) {
    case "awake":
      return say.awakeLine(until(there.until, say, language, now), hourly(there, say, language));
    case "waking":
      return say.wakingLine;
    case "sleeping":
      return say.sleepingLine;
    case "asleep":
      return say.asleepLine;
    case "failed":
      return say.failedLine;
  }
}

/** " until tomorrow, 02:10"; nothing where no end is known. */
export function until(at: string | null, say: Say, language: Language, now = new Date()): string {
  if (!at) return "";
  const time = clock(at, language);
  const days = Math.round((midnight(new Date(at)) - midnight(now)) / 86_400_000);
  if (days === 0) return say.today(time);
  if (days === 1) return say.tomorrow(time);
  return say.later(day(at, language), time);
}

/** "$0.95 an hour"; in words where it costs nothing. */
export function hourly(there: Pick<Deployment, "hourlyPrice" | "currency">, say: Say, language: Language): string {
  return costs(there) ? say.anHour(money(there.hourlyPrice, there.currency, language)) : say.free;
}

export const costs = ({ hourlyPrice }: Pick<Deployment, "hourlyPrice">): boolean => hourlyPrice > 0;

/** Whether it will be something else in a moment by itself. */
export const isMoving = ({ state }: Pick<Deployment, "state">): boolean => state === "waking" || state === "sleeping";

export const isUp = ({ state }: Pick<Deployment, "state">): boolean => state === "awake" || state === "waking";

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
