import { describe, expect, it } from "vitest";
import type { State } from "../generated/states.ts";
import { decimals, type Label, type Life, perRow, shots } from "./timeline.ts";

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
  return states.map((state, index) => ({ state, attempt, at: new Date(NOW - (states.length - index) * 60_000).toISOString() }));
}

function life(state: State, change: Partial<Life> = {}): Life {
  return {
    state,
    attempt: 1,
    pictures: 11,
    covers: ["/1", "/2", "/3"],
    history: moments(STATES.slice(0, STATES.indexOf(state) + 1)),
    progress: { step: 0, total: 0, samples: [] },
    result: null,
    ...change,
  };
}

function short(label: Label): string {
  if (label.of === "stage") return label.stage;
  if (label.of === "pictures") return `${label.count} pictures`;
  return label.of === "step" ? `${label.step}` : `sample ${label.number}`;
}

const told = (job: Life) => shots(job, NOW).map((shot) => `${short(shot.label)}|${shot.when}`);
const samples = [100, 200].map((step) => ({ step, url: `/${step}` }));

describe("a job's film", () => {
  it("has a frame for each stage, and one that is now", () => {
    expect(told(life("provisioning"))).toEqual([
      "11 pictures|past",
      "queued|past",
      "provisioning|now",
      "training|to come",
      "evaluating|to come",
      "registering|to come",
      "deploying|to come",
      "ready|to come",
    ]);
    expect(told(life("uploaded"))[0]).toBe("11 pictures|now");
  });

  it("has a frame for each sample, the present step, and the samples to come", () => {
    const job = life("training", { progress: { step: 250, total: 500, samples } });

    expect(told(job).slice(3, 9)).toEqual(["100|past", "200|past", "300|now", "400|to come", "evaluating|to come", "registering|to come"]);
    expect(shots(job, NOW)[5]?.fact).toEqual({ of: "at", step: 250 });
    expect(shots(job, NOW)[3]).toMatchObject({ picture: "/100", drawn: true });
    expect(shots(job, NOW)[5]).toMatchObject({ picture: "/200", exposed: 0.5 });
  });

  it("expects no more samples once it is to stop and be kept", () => {
    const job = life("training", { finishing: "2026-11-22T14:07:00Z", progress: { step: 250, total: 500, samples } });

    expect(told(job).slice(3, 7)).toEqual(["100|past", "200|past", "300|now", "evaluating|to come"]);
  });

  it("has a last frame for the last stretch, of which there is no sample", () => {
    const job = life("training", {
      progress: { step: 450, total: 500, samples: [...samples, { step: 300, url: "/300" }, { step: 400, url: "/400" }] },
    });

    expect(told(job).slice(6, 9)).toEqual(["400|past", "500|now", "evaluating|to come"]);
    expect(shots(job, NOW)[7]).toMatchObject({ exposed: 0.5, fact: { of: "at", step: 450 } });
  });

  it("begins without a sample", () => {
    const job = life("training", { progress: { step: 12, total: 500, samples: [] } });

    expect(told(job).slice(3, 5)).toEqual(["training|now", "evaluating|to come"]);
    expect(shots(job, NOW)[3]?.fact).toEqual({ of: "at", step: 12 });
  });

  it("ends where it failed", () => {
    const history = [...moments(["draft", "uploading", "uploaded", "queued", "training"]), ...moments(["failed"])];

    expect(told(life("failed", { history, progress: { step: 250, total: 500, samples } })).slice(1, 7)).toEqual([
      "queued|past",
      "provisioning|past",
      "100|past",
      "200|past",
      "250|ended",
      "evaluating|to come",
    ]);
    expect(told(life("cancelled", { history: moments(["draft", "uploaded", "cancelling", "cancelled"]) }))[0]).toBe("11 pictures|ended");
    expect(told(life("expired", { history: moments(["draft", "uploading", "expired"]) }))[0]).toBe("11 pictures|ended");
  });

  it("forgets earlier tries", () => {
    const history = [...moments(["draft", "uploaded", "training", "failed"]), ...moments(["uploaded", "queued"], 2)];

    expect(told(life("queued", { attempt: 2, history })).slice(0, 3)).toEqual(["11 pictures|past", "queued|now", "provisioning|to come"]);
  });

  it("is whole when the model is ready or asleep", () => {
    const result = { after: "/a", likenessAfter: 0.824 };

    for (const state of ["ready", "retired"] as const) {
      const film = shots(life(state, { history: moments(STATES), result, progress: { step: 200, total: 200, samples } }), NOW);
      expect(new Set(film.map((shot) => shot.when))).toEqual(new Set(["past"]));
      expect(film.find((shot) => shot.key === "evaluating")).toMatchObject({ picture: "/a", fact: { of: "likeness", share: 0.824 } });
    }
  });

  it("tells how long each stage took", () => {
    const minute = { of: "took", milliseconds: 60_000 };

    expect(
      shots(life("training"), NOW)
        .map((shot) => shot.fact)
        .slice(1, 3),
    ).toEqual([minute, minute]);
  });
});

it("a likeness is written in short", () => {
  expect([0.77, 1, 0].map(decimals)).toEqual([".77", "1.0", ".00"]);
});

it("rows of film are about as long as each other", () => {
  expect([8, 11, 12, 15, 24].map((frames) => perRow(frames))).toEqual([8, 11, 6, 8, 8]);
});
