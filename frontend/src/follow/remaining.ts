/** How long it will take, as a range, and what it took so far. Never more exact than what is known. */

import type { Estimate, JobDetail } from "../api/types.ts";
import { RANK } from "../generated/states.ts";
import { ofThisAttempt } from "./timeline.ts";

export type Range =
  | { readonly is: "between"; readonly low: number; readonly high: number }
  | { readonly is: "at most"; readonly high: number }
  | { readonly is: "over"; readonly usual: number }
  | { readonly is: "unknown" };

type Job = Pick<JobDetail, "state" | "attempt" | "history" | "finishing"> & {
  readonly progress: Pick<JobDetail["progress"], "etaSeconds">;
};

/** How far the pace of a training may change until its end. */
const SLACK = 1.25;

/** In seconds, from now until the model answers: what jobs like this one took, less what is over, and not less than the trainer says. */
export function remaining(job: Job, estimate: Pick<Estimate, "lowSeconds" | "highSeconds"> | undefined, now: number): Range {
  const started = ofThisAttempt(job).find((moment) => moment.state === "uploaded");
  const training = job.state === "training" && !job.finishing ? job.progress.etaSeconds : null;
  if (!estimate || !started) return training === null ? { is: "unknown" } : between(training, training * SLACK);
  const over = Math.max(0, (now - Date.parse(started.at)) / 1000);
  const [low, high] = [estimate.lowSeconds - over, estimate.highSeconds - over];
  if (training !== null) return between(Math.max(low, training), Math.max(high, training * SLACK));
  if (high <= 0) return { is: "over", usual: estimate.highSeconds };
  if (job.finishing) return { is: "at most", high };
  return between(low, high);
}

function between(low: number, high: number): Range {
  return low < 60 || Math.floor(low / 60) >= Math.ceil(high / 60) ? { is: "at most", high } : { is: "between", low, high };
}

/** For how long machines learnt from this job's pictures, all attempts together; the time that is paid for. */
export function learning(history: Job["history"], now: number): number {
  return history
    .filter((moment) => moment.state === "training")
    .map(({ attempt, at }) => {
      const end = history.find((next) => next.attempt === attempt && RANK[next.state] > RANK.training);
      return (end ? Date.parse(end.at) : now) - Date.parse(at);
    })
    .reduce((sum, milliseconds) => sum + Math.max(0, milliseconds), 0);
}

/** Since when the job is in its state. */
export function sinceWhen(job: Pick<JobDetail, "state" | "attempt" | "history">): string | undefined {
  return job.history.findLast((moment) => moment.state === job.state && moment.attempt === job.attempt)?.at;
}
