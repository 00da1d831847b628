import { describe, expect, it } from "vitest";
import type { State } from "../generated/states.ts";
import { decimals, type Life, shots } from "./timeline.ts";
import { duration, heading, lead, remaining, type Told } from "./words.ts";

const STATES: State[] = [
  "draft",
  "uploading",
  "uploaded",
  "queued",
  "provisioning",
  "training",
  "evaluating",
  "registering",
  "deploying",
  "ready",
];
const NOW = Date.parse("2026-11-22T14:07:30Z");

function moments(states: readonly State[], attempt = 1) {
  return states.map((state, index) => ({ state, attempt, at: new Date(NOW - (states.length - index) * 60_000).toISOString(), detail: "" }));
}

function life(state: State, change: Partial<Life> = {}): Life {
  return {
    state,
    attempt: 1,
    pictures: 11,
    covers: ["/1", "/2", "/3"],
    history: moments(STATES.slice(0, STATES.indexOf(state) + 1)),
    progress: { step: 0, total: 0, loss: null, samples: [] },
    result: null,
    ...change,
  };
}

const told = (job: Life) => shots(job, NOW).map((shot) => `${shot.label}|${shot.when}`);
const samples = [100, 200].map((step) => ({ step, url: `/${step}` }));

describe("a job's film", () => {
  it("has a frame for each stage, and one that is now", () => {
    expect(told(life("provisioning"))).toEqual([
      "11 pictures|past",
      "in line|past",
      "machine|now",
      "develop|to come",
      "check|to come",
      "keep|to come",
      "wake|to come",
      "ready|to come",
    ]);
    expect(told(life("uploaded"))[0]).toBe("11 pictures|now");
  });

  it("has a frame for each sample, the present step, and the samples to come", () => {
    const job = life("training", { progress: { step: 250, total: 500, loss: 0.118, samples } });

    expect(told(job).slice(3, 9)).toEqual(["100|past", "200|past", "250|now", "400|to come", "500|to come", "check|to come"]);
    expect(shots(job, NOW)[5]?.fact).toBe("loss 0.118");
    expect(shots(job, NOW)[3]?.picture).toBe("/100");
  });

  it("ends where it failed", () => {
    const history = [...moments(["draft", "uploading", "uploaded", "queued", "training"]), ...moments(["failed"])];

    expect(told(life("failed", { history, progress: { step: 250, total: 500, loss: null, samples } })).slice(1, 7)).toEqual([
      "in line|past",
      "machine|past",
      "100|past",
      "200|past",
      "250|ended",
      "check|to come",
    ]);
    expect(told(life("cancelled", { history: moments(["draft", "uploaded", "cancelling", "cancelled"]) }))[0]).toBe("11 pictures|ended");
  });

  it("forgets earlier tries", () => {
    const history = [...moments(["draft", "uploaded", "training", "failed"]), ...moments(["uploaded", "queued"], 2)];

    expect(told(life("queued", { attempt: 2, history })).slice(0, 3)).toEqual(["11 pictures|past", "in line|now", "machine|to come"]);
  });

  it("is whole when the model is ready or asleep", () => {
    const result = { before: "/b", after: "/a", likenessAfter: 0.824 };

    for (const state of ["ready", "retired"] as const) {
      const film = shots(life(state, { history: moments(STATES), result, progress: { step: 200, total: 200, loss: 0.1, samples } }), NOW);
      expect(new Set(film.map((shot) => shot.when))).toEqual(new Set(["past"]));
      expect(film.find((shot) => shot.label === "check")).toMatchObject({ picture: "/a", fact: "like .82" });
    }
  });

  it("tells how long each stage took", () => {
    expect(
      shots(life("training"), NOW)
        .map((shot) => shot.fact)
        .slice(1, 3),
    ).toEqual(["1 min", "1 min"]);
  });
});

it("every state has its sentences", () => {
  const states: State[] = [...STATES, "cancelling", "failed", "cancelled", "expired", "retired"];
  for (const state of states) {
    const job: Told = {
      state,
      attempt: 1,
      attemptsLeft: 0,
      pictures: 11,
      counts: { verified: 11, pending: 0, rejected: 0 },
      progress: { stage: "training", step: 500, total: 800, etaSeconds: 420 },
      failure: { text: "There was no machine." },
    };
    expect(heading(job)).toBeTruthy();
    expect(lead(job)).toMatch(/\.$/);
    if (state === "training") expect(`${heading(job)} ${lead(job)}`).toContain("500 of 800 steps About 7 more minutes");
    if (state === "failed") expect(lead(job)).toBe("There was no machine.");
  }
});

it("numbers are said in short", () => {
  expect([5_000, 60_000, 7_500_000].map(duration)).toEqual(["5 s", "1 min", "2 h 05"]);
  expect([null, 5, 47, 420, 7200].map(remaining)).toEqual([
    "The time is not known yet",
    "A few more seconds",
    "About 50 more seconds",
    "About 7 more minutes",
    "About 2 more hours",
  ]);
  expect([0.77, 1, 0].map(decimals)).toEqual([".77", "1.0", ".00"]);
});
