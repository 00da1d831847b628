/** Whether a sheet can be handed in, and what is in the way. */

import type { Me } from "../api/types.ts";
import type { Tally } from "../choose/frames.ts";
import type { Missing } from "../describe/missing.ts";

export type Readiness = "missing" | "stopped" | "coming" | "ready";

/** The most that stands in the way comes first: what a person must do, before what goes on by itself. */
export function readiness(missing: readonly Missing[], counts: Pick<Tally, "underway" | "stopped">): Readiness {
  if (missing.length > 0) return "missing";
  if (counts.stopped > 0) return "stopped";
  return counts.underway > 0 ? "coming" : "ready";
}

/** Minutes of machine that are left today; undefined while there are enough for a sheet that takes `minutes`. */
export function tooFewMinutes(me: Pick<Me, "quota"> | undefined, minutes: number | undefined): number | undefined {
  if (!me || minutes === undefined) return undefined;
  const left = minutesLeft(me.quota);
  return left < minutes ? left : undefined;
}

export function minutesLeft({ gpuMinutes }: Me["quota"]): number {
  return Math.max(0, gpuMinutes.limit - gpuMinutes.used);
}
