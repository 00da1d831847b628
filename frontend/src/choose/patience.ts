/** What to do about a picture that did not get through. */

import { ApiError } from "../api/problems.ts";

/** again: by itself, later. signIn: by itself, once the session is back. refused: the picture cannot be used. over: it is one too many. gone: it was removed elsewhere.
 * stopped: only a person can say how it goes on. */
export type Verdict = "again" | "signIn" | "refused" | "over" | "gone" | "stopped";

const VERDICTS: Partial<Record<string, Verdict>> = {
  NOT_SIGNED_IN: "signIn",
  PICTURE_REFUSED: "refused",
  TOO_MANY_PICTURES: "over",
  PICTURE_REMOVED: "gone",
  // what was announced as this picture is another one now, or was cut: the same bytes again settle it
  CHECKSUM: "again",
  CUT_SHORT: "again",
};

export function verdict(error: unknown): Verdict {
  if (!(error instanceof ApiError)) return "stopped";
  return VERDICTS[error.code] ?? (error.retryable ? "again" : "stopped");
}

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** Twice as long each time up to a minute, and never the same for two that failed together. `chance` is from 0 to 1. */
export function pauseMs(tries: number, chance = Math.random()): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10)) * (0.5 + chance / 2);
}
