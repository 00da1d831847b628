/** Where on a job's way its designer was last; in this browser alone. */

import type { JobDetail } from "../api/types.ts";
import type { Step } from "./journey.ts";

type Laying = "choose" | "describe" | "check";

const named = (id: string) => `step ${id}`;

export function remember(id: string, step: Step): void {
  if (isLaying(step)) localStorage.setItem(named(id), step);
  else localStorage.removeItem(named(id));
}

export function lastStep(id: string): Laying | undefined {
  const step = localStorage.getItem(named(id));
  return isLaying(step) ? step : undefined;
}

function isLaying(step: string | null): step is Laying {
  return step === "choose" || step === "describe" || step === "check";
}

/** A deleted model leaves its job behind, without a result. */
export function hasModel(job: Pick<JobDetail, "result">): boolean {
  return Boolean(job.result?.model);
}
