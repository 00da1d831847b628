/** What the figures of likeness mean. */

import type { Version } from "../api/types.ts";

export type Verdict = "much" | "closer" | "barely" | "no";
type Measured = Pick<Version["result"], "likenessBefore" | "likenessAfter">;

const BARELY = 0.03;
const MUCH = 0.2;

/** Null where it was not measured. */
export function verdict({ likenessBefore: before, likenessAfter: after }: Measured): Verdict | null {
  if (before === null || after === null) return null;
  const gained = after - before;
  if (gained <= 0) return "no";
  if (gained < BARELY) return "barely";
  return gained < MUCH ? "closer" : "much";
}
