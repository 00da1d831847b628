/** A job's state in plain sentences. */

import type { State } from "../generated/states.ts";

export type Told = {
  readonly state: State;
  readonly attempt: number;
  readonly attemptsLeft: number;
  readonly pictures: number;
  readonly counts: { readonly verified: number; readonly pending: number; readonly rejected: number };
  readonly progress: { readonly stage: string; readonly step: number; readonly total: number; readonly etaSeconds: number | null };
  readonly failure: { readonly text: string } | null;
};

export const STATE_WORD: Readonly<Record<State, string>> = {
  draft: "laid out",
  uploading: "laid out",
  uploaded: "handed in",
  queued: "in line",
  provisioning: "machine",
  training: "developing",
  evaluating: "checking",
  registering: "keeping",
  deploying: "waking",
  ready: "ready",
  cancelling: "stopping",
  failed: "failed",
  cancelled: "stopped",
  expired: "expired",
  retired: "asleep",
};

const SAFE = "You can close this window; it goes on.";

export function heading(job: Told): string {
  const { step, total } = job.progress;
  switch (job.state) {
    case "draft":
    case "uploading":
      return "Choose the pictures to learn from";
    case "uploaded":
      return "Handed in";
    case "queued":
      return "In line";
    case "provisioning":
      return "Warming up a machine";
    case "training":
      return total ? `Developing: ${step} of ${total} steps` : "Developing";
    case "evaluating":
      return "Checking the likeness";
    case "registering":
      return "Putting the model away";
    case "deploying":
      return "Waking the model";
    case "ready":
      return "Ready to print";
    case "cancelling":
      return "Stopping";
    case "failed":
      return "This sheet did not develop";
    case "cancelled":
      return "Stopped";
    case "expired":
      return "Left for too long";
    case "retired":
      return "The model is asleep";
  }
}

export function lead(job: Told): string {
  const pictures = `${job.pictures} ${job.pictures === 1 ? "picture" : "pictures"}`;
  switch (job.state) {
    case "draft":
    case "uploading":
      return "Five to twenty, from several sides, in different light. What repeats in every picture is learnt too: vary the background.";
    case "uploaded":
      return `${pictures} are here. A machine is asked for now. ${SAFE}`;
    case "queued":
      return `Your turn comes next. Waiting costs nothing. ${SAFE}`;
    case "provisioning":
      return `A machine takes the ${pictures} and the model that they change. ${SAFE}`;
    case "training":
      return `${remaining(job.progress.etaSeconds)}, then it is checked and woken. ${SAFE}`;
    case "evaluating":
      return `Prints of before and after are compared with your ${pictures}.`;
    case "registering":
      return "The model gets its place in the library, where it stays.";
    case "deploying":
      return "The model moves to a machine that answers. This is the last step.";
    case "ready":
      return "The model knows your subject. Write what you want to see; it goes to sleep by itself when nobody prints.";
    case "cancelling":
      return "The machine is being let go. This takes a moment.";
    case "failed":
      return job.failure?.text ?? "The service did not say why.";
    case "cancelled":
      return "You stopped this sheet. Its pictures are still here: it can be developed again.";
    case "expired":
      return "The pictures of this sheet were not handed in within a day. Lay out a new one.";
    case "retired":
      return "Nobody printed for a while, so its machine was given back. What was printed stays here.";
  }
}

/** "About 7 more minutes". */
export function remaining(seconds: number | null): string {
  if (seconds === null) return "The time is not known yet";
  if (seconds < 10) return "A few more seconds";
  if (seconds < 90) return `About ${Math.round(seconds / 10) * 10} more seconds`;
  if (seconds < 5400) return `About ${Math.round(seconds / 60)} more minutes`;
  return `About ${Math.round(seconds / 3600)} more hours`;
}

/** "40 s", "3 min", "2 h 05". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

const HAPPENED: Readonly<Record<State, string>> = {
  draft: "A new sheet was laid out.",
  uploading: "The first pictures came.",
  uploaded: "The sheet was handed in.",
  queued: "It joined the line.",
  provisioning: "A machine was asked for.",
  training: "Developing began.",
  evaluating: "Developing ended; the likeness was checked.",
  registering: "The model was put away.",
  deploying: "The model was being woken.",
  ready: "Ready to print.",
  cancelling: "You stopped it.",
  failed: "It ended here.",
  cancelled: "The machine was let go.",
  expired: "It was left for too long.",
  retired: "The model went to sleep.",
};

export function happened(event: { readonly state: State; readonly attempt: number; readonly detail: string }): string {
  const again = event.state === "uploaded" && event.attempt > 1 ? `It was handed in again, try ${event.attempt}.` : HAPPENED[event.state];
  return event.detail && event.state === "failed" ? event.detail : again;
}
