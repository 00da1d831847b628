/** The way from pictures to prints: which of its steps there are for a job in its state, and where one leads otherwise. */

import { RUNNING, type State } from "../generated/states.ts";

export const STEPS = ["choose", "describe", "check", "follow", "result", "print"] as const;
export type Step = (typeof STEPS)[number];
export type Place = "link" | "here" | "done" | "to come";

/** Of a job; `model` is absent until it is trained, and once it was deleted. */
export type Traveller = { readonly state: State; readonly model: boolean };

const BEFORE: ReadonlySet<Step> = new Set<Step>(["choose", "describe", "check"]);

export function isOpen(state: State): boolean {
  return state === "draft" || state === "uploading";
}

export function isTrained(state: State): boolean {
  return state === "ready" || state === "retired";
}

/** Whether such a page makes sense for the job. */
export function canGo(step: Step, { state, model }: Traveller): boolean {
  if (BEFORE.has(step)) return isOpen(state);
  if (step === "follow") return !isOpen(state);
  return isTrained(state) && (step === "result" || model);
}

export function placed(step: Step, job: Traveller, here: Step | undefined): Place {
  if (step === here) return "here";
  if (canGo(step, job)) return "link";
  return BEFORE.has(step) ? "done" : "to come";
}

/** What there is to do with a job in such a state. */
export function leadsTo(state: State): "choose" | "follow" | "result" {
  if (isOpen(state)) return "choose";
  return isTrained(state) ? "result" : "follow";
}

export function isUnderway(state: State): boolean {
  return RUNNING.has(state) || state === "uploaded" || state === "cancelling";
}

/** Whether its machine was told to stop, and to keep what it has learnt. */
export function isFinishing(job: { readonly state: State; readonly finishing: string | null }): boolean {
  return job.finishing !== null && (job.state === "training" || job.state === "provisioning");
}
