/** A job's life as frames of film: what was, what is, what is to come. */

import { RANK, type State, TERMINAL } from "../generated/states.ts";
import { duration } from "./words.ts";

export type Moment = { readonly state: State; readonly attempt: number; readonly at: string; readonly detail: string };

export type Life = {
  readonly state: State;
  readonly attempt: number;
  readonly pictures: number;
  readonly covers: readonly string[];
  readonly history: readonly Moment[];
  readonly progress: {
    readonly step: number;
    readonly total: number;
    readonly loss: number | null;
    readonly samples: readonly { readonly step: number | null; readonly url: string }[];
  };
  readonly result: { readonly before: string | null; readonly after: string | null; readonly likenessAfter: number | null } | null;
};

export type Shot = {
  readonly key: string;
  readonly label: string;
  readonly fact: string;
  readonly picture?: string;
  readonly when: "past" | "now" | "to come" | "ended";
};

const MOST_SAMPLES = 16;
const STAGES = ["queued", "provisioning", "training", "evaluating", "registering", "deploying", "ready"] as const;
type Stage = (typeof STAGES)[number];
const LABEL: Readonly<Record<Stage, string>> = {
  queued: "in line",
  provisioning: "machine",
  training: "develop",
  evaluating: "check",
  registering: "keep",
  deploying: "wake",
  ready: "ready",
};

export function shots(job: Life, now: number): Shot[] {
  const history = job.history.filter((moment) => moment.attempt === job.attempt);
  const reached = furthest(job, history);
  const handedIn = history.find((moment) => moment.state === "uploaded");
  const first: Shot = {
    key: "pictures",
    label: `${job.pictures} pictures`,
    fact: handedIn ? clock(handedIn.at) : "",
    ...pictured(job.covers[0]),
    when: job.state === "uploaded" ? "now" : reached === "uploaded" && stopped(job) ? "ended" : "past",
  };
  return [first, ...STAGES.flatMap((stage) => shotsOf(stage, job, history, reached, now))];
}

function stopped(job: Life): boolean {
  return job.state === "cancelling" || (TERMINAL.has(job.state) && job.state !== "retired");
}

/** The last stage before the end, for a job that has ended. */
function furthest(job: Life, history: readonly Moment[]): State {
  if (job.state === "retired") return "ready";
  if (!stopped(job)) return job.state;
  const stages = history.filter((moment) => RANK[moment.state] <= RANK.ready).map((moment) => moment.state);
  return stages.reduce((last, state) => (RANK[state] > RANK[last] ? state : last), "draft" as State);
}

function shotsOf(stage: Stage, job: Life, history: readonly Moment[], reached: State, now: number): Shot[] {
  const when = whenOf(stage, job, reached);
  const base: Shot = { key: stage, label: LABEL[stage], fact: time(stage, history, when, now), when };
  if (stage === "training") return samples(base, job);
  if (stage === "evaluating") return [{ ...base, ...pictured(job.result?.after), fact: likeness(job) || base.fact }];
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
  return stopped(job) ? "ended" : "now";
}

/** A frame for each sample, one for the step that is being learnt, and empty ones for the samples that are to come. */
function samples(base: Shot, job: Life): Shot[] {
  const { step, total, loss } = job.progress;
  const taken: Shot[] = job.progress.samples.map((sample, index) => ({
    key: `sample-${index}`,
    label: sample.step === null ? `sample ${index + 1}` : `${sample.step}`,
    fact: total ? `of ${total}` : "",
    picture: sample.url,
    when: "past",
  }));
  if (base.when === "past" || base.when === "to come") return taken.length > 0 ? taken : [base];
  const fact = loss === null ? base.fact : `loss ${loss.toFixed(3)}`;
  const current: Shot = { ...base, label: step ? `${step}` : base.label, fact };
  return [...taken, current, ...(base.when === "now" ? expected(job) : [])];
}

/** If samples come at even steps, those after the next one. */
function expected({ progress: { samples, total } }: Life): Shot[] {
  const every = samples[0]?.step ?? 0;
  const last = samples.at(-1)?.step ?? 0;
  if (every < 1 || total / every > MOST_SAMPLES) return [];
  const count = Math.max(0, Math.floor((total - last) / every) - 1);
  return Array.from({ length: count }, (_, index) => last + every * (index + 2)).map((step) => ({
    key: `expected-${step}`,
    label: `${step}`,
    fact: "",
    when: "to come",
  }));
}

function likeness(job: Life): string {
  const after = job.result?.likenessAfter;
  return after === null || after === undefined ? "" : `like ${decimals(after)}`;
}

/** ".77", as on a scale from 0 to 1. */
export function decimals(share: number): string {
  return share >= 1 ? "1.0" : share.toFixed(2).replace(/^0/, "");
}

function time(stage: Stage, history: readonly Moment[], when: Shot["when"], now: number): string {
  const began = history.find((moment) => moment.state === stage);
  if (!began) return "";
  if (stage === "ready") return clock(began.at);
  const next = history.find((moment) => RANK[moment.state] > RANK[stage]);
  return duration((when === "now" || !next ? now : Date.parse(next.at)) - Date.parse(began.at));
}

export function clock(at: string): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
