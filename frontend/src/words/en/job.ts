import type { State } from "../../generated/states.ts";
import type { Step } from "../../job/journey.ts";

const states: Readonly<Record<State, string>> = {
  draft: "laid out",
  uploading: "laid out",
  uploaded: "handed in",
  queued: "in line",
  provisioning: "machine",
  training: "developing",
  evaluating: "checking",
  registering: "putting away",
  deploying: "waking",
  ready: "ready",
  cancelling: "stopping",
  failed: "did not develop",
  cancelled: "stopped",
  expired: "expired",
  retired: "asleep",
};

const steps: Readonly<Record<Step, string>> = {
  choose: "choose",
  describe: "describe",
  check: "check",
  follow: "follow",
  result: "result",
  print: "print",
};

export const job = {
  sheet: (code: string) => `SHEET ${code}`,
  pictures: (count: number) => `${count} ${count === 1 ? "picture" : "pictures"}`,
  attempt: (attempt: number) => `try ${attempt}`,
  today: (time: string) => `today, ${time}`,
  yesterday: (time: string) => `yesterday, ${time}`,
  earlier: (day: string, time: string) => `${day}, ${time}`,
  states,
  steps,
  journey: "From pictures to prints",
  place: { done: "done", "to come": "to come" },
  fetching: "One moment",
  fetchingFilm: "The sheet is being fetched",
  notLive: (clock: string) => `Not live since ${clock}. Looking again; what happens meanwhile is kept and shown here.`,
  liveAgain: "Live again.",
};
