/** A job's life as frames of film: what was, what is, what is to come. Frames carry facts, never words. */

import { RANK, type State, TERMINAL } from "../generated/states.ts";

export type Shown = Exclude<State, "draft" | "uploading">;

export type Moment = { readonly state: State; readonly attempt: number; readonly at: string };

export type Life = {
  readonly state: State;
  readonly attempt: number;
  readonly pictures: number;
  readonly covers: readonly string[];
  readonly history: readonly Moment[];
  readonly finishing?: string | null;
  readonly progress: {
    readonly step: number;
    readonly total: number;
    readonly samples: readonly { readonly step: number | null; readonly url: string }[];
  };
  readonly result: { readonly after: string | null; readonly likenessAfter: number | null } | null;
};

export const STAGES = ["queued", "provisioning", "training", "evaluating", "registering", "deploying", "ready"] as const;
export type Stage = (typeof STAGES)[number];

export type Label =
  | { readonly of: "pictures"; readonly count: number }
  | { readonly of: "stage"; readonly stage: Stage }
  | { readonly of: "step"; readonly step: number }
  | { readonly of: "sample"; readonly number: number };

export type Fact =
  | { readonly of: "clock"; readonly at: string }
  | { readonly of: "took"; readonly milliseconds: number }
  | { readonly of: "total"; readonly total: number }
  | { readonly of: "at"; readonly step: number }
  | { readonly of: "likeness"; readonly share: number };

export type Shot = {
  readonly key: string;
  readonly label: Label;
  readonly fact?: Fact | undefined;
  readonly picture?: string;
  /** Drawn by the model, and worth a look through the loupe. */
  readonly drawn?: boolean;
  /** How much of the way to the next picture is done, from 0 to 1. */
  readonly exposed?: number;
  readonly when: "past" | "now" | "to come" | "ended";
};

const MOST_SAMPLES = 16;

export function shots(job: Life, now: number): Shot[] {
  const history = ofThisAttempt(job);
  const reached = furthest(job, history);
  const handedIn = history.find((moment) => moment.state === "uploaded");
  const first: Shot = {
    key: "pictures",
    label: { of: "pictures", count: job.pictures },
    fact: handedIn && { of: "clock", at: handedIn.at },
    ...pictured(job.covers[0]),
    when: job.state === "uploaded" ? "now" : RANK[reached] <= RANK.uploaded && hasEnded(job) ? "ended" : "past",
  };
  return [first, ...STAGES.flatMap((stage) => shotsOf(stage, job, history, reached, now))];
}

export function ofThisAttempt(job: Pick<Life, "history" | "attempt">): Moment[] {
  return job.history.filter((moment) => moment.attempt === job.attempt);
}

function hasEnded(job: Life): boolean {
  return job.state === "cancelling" || (TERMINAL.has(job.state) && job.state !== "retired");
}

/** The last stage before the end, for a job that has ended. */
function furthest(job: Life, history: readonly Moment[]): State {
  if (job.state === "retired") return "ready";
  if (!hasEnded(job)) return job.state;
  const stages = history.filter((moment) => RANK[moment.state] <= RANK.ready).map((moment) => moment.state);
  return stages.reduce((last, state) => (RANK[state] > RANK[last] ? state : last), "draft" as State);
}

function shotsOf(stage: Stage, job: Life, history: readonly Moment[], reached: State, now: number): Shot[] {
  const when = whenOf(stage, job, reached);
  const base: Shot = { key: stage, label: { of: "stage", stage }, fact: time(stage, history, when, now), when };
  if (stage === "training") return samples(base, job);
  if (stage === "evaluating") return [checked(base, job)];
  if (stage === "ready" && when !== "to come") return [{ ...base, ...pictured(job.progress.samples.at(-1)?.url), when: "past" }];
  const waiting = WAITING.indexOf(stage);
  return [when === "to come" || waiting < 0 ? base : { ...base, ...pictured(job.covers[waiting]) }];
}

/** Stages that make no picture of their own show one of those that wait in them. */
const WAITING: readonly (Stage | "uploaded")[] = ["uploaded", "queued", "provisioning"];

function pictured(picture: string | null | undefined): Pick<Shot, "picture"> {
  return picture ? { picture } : {};
}

function whenOf(stage: Stage, job: Life, reached: State): Shot["when"] {
  if (RANK[stage] > RANK[reached]) return "to come";
  if (stage !== reached) return "past";
  return hasEnded(job) ? "ended" : "now";
}

function checked(base: Shot, { result }: Life): Shot {
  const share = result?.likenessAfter ?? null;
  const fact: Fact | undefined = share === null ? base.fact : { of: "likeness", share };
  return result?.after ? { ...base, fact, picture: result.after, drawn: true } : { ...base, fact };
}

/** A frame for each sample, one for the step that is being learnt, and empty ones for the samples that are to come. */
function samples(base: Shot, job: Life): Shot[] {
  const { total } = job.progress;
  const taken: Shot[] = job.progress.samples.map((sample, index) => ({
    key: `sample-${index}`,
    label: sample.step === null ? { of: "sample", number: index + 1 } : { of: "step", step: sample.step },
    fact: total ? { of: "total", total } : undefined,
    picture: sample.url,
    drawn: true,
    when: "past",
  }));
  if (base.when === "past" || base.when === "to come") return taken.length > 0 ? taken : [base];
  return [...taken, current(base, job), ...(base.when === "now" ? expected(job) : [])];
}

/** The frame that the next sample will be on, as far as it is exposed; where the training ended, the step at which it did. */
function current(base: Shot, { progress: { step, total, samples: taken }, covers }: Life): Shot {
  const { every, last } = pace(taken);
  if (base.when === "ended") return step ? { ...base, label: { of: "step", step } } : base;
  const next = every > 0 ? Math.min(last + every, total) : 0;
  const under = pictured(taken.at(-1)?.url ?? covers[0]);
  const exposed = next > last ? Math.min(1, (step - last) / (next - last)) : 0;
  return { ...base, label: next ? { of: "step", step: next } : base.label, fact: step ? { of: "at", step } : base.fact, exposed, ...under };
}

function pace(taken: Life["progress"]["samples"]): { every: number; last: number } {
  return { every: taken[0]?.step ?? 0, last: taken.at(-1)?.step ?? 0 };
}

/** Samples come at even steps, and none at the last: it is the check that shows what was learnt by then. */
function expected({ finishing, progress: { samples: taken, total } }: Life): Shot[] {
  const { every, last } = pace(taken);
  if (finishing || every < 1 || total / every > MOST_SAMPLES) return [];
  const count = Math.max(0, Math.ceil((total - last) / every) - 2);
  return Array.from({ length: count }, (_, index) => last + every * (index + 2)).map((step) => ({
    key: `expected-${step}`,
    label: { of: "step", step },
    when: "to come",
  }));
}

/** How many frames a row has, so that rows are about as long as each other. */
export function perRow(frames: number, most = 11): number {
  return Math.ceil(frames / Math.ceil(frames / most));
}

function time(stage: Stage, history: readonly Moment[], when: Shot["when"], now: number): Fact | undefined {
  const began = history.find((moment) => moment.state === stage);
  if (!began) return;
  if (stage === "ready") return { of: "clock", at: began.at };
  const next = history.find((moment) => RANK[moment.state] > RANK[stage]);
  const until = when === "now" || !next ? now : Date.parse(next.at);
  return { of: "took", milliseconds: until - Date.parse(began.at) };
}

/** ".77", as on a scale from 0 to 1. */
export function decimals(share: number): string {
  return share >= 1 ? "1.0" : share.toFixed(2).replace(/^0/, "");
}
