import { expect, it } from "vitest";
import type { Me } from "../api/types.ts";
import type { Frame, Limits } from "../choose/frames.ts";
import { readiness, tooFewMinutes } from "./readiness.ts";
import { warnings } from "./warnings.ts";

const QUIET = { underway: 0, stopped: 0 };

const LIMITS: Limits = { maxPictures: 20, minPictures: 5, minSide: 256, goodSide: 512 };
let last = 0;

function frame(change: Partial<Frame>): Frame {
  const known = { size: 1, phase: "here", sent: 1, width: 1600, height: 1200, crossed: false, tries: 0, alike: [] } as const;
  return { ...known, key: `f${++last}`, fileName: "a.jpg", ...change };
}

function me(used: number): Pick<Me, "quota"> {
  const of = (limit: number) => ({ used, limit });
  return { quota: { pictures: of(500), bytes: of(1e9), gpuMinutes: of(120), resets: "2026-11-24T00:00:00Z" } };
}

it("what a person must do comes before what goes on by itself", () => {
  expect(readiness([{ what: "consent" }], { underway: 2, stopped: 1 })).toBe("missing");
  expect(readiness([], { underway: 2, stopped: 1 })).toBe("stopped");
  expect(readiness([], { underway: 2, stopped: 0 })).toBe("coming");
  expect(readiness([], QUIET)).toBe("ready");
});

it("a day with too few minutes for this sheet says how many are left", () => {
  expect(tooFewMinutes(me(100), 42)).toBe(20);
  expect(tooFewMinutes(me(130), 42)).toBe(0);
  expect(tooFewMinutes(me(78), 42)).toBeUndefined();
  expect(tooFewMinutes(undefined, 42)).toBeUndefined();
});

it("soft and small pictures are told by their numbers on the film, what is left out counts for nothing", () => {
  const frames = [frame({ crossed: true, width: 300 }), frame({ width: 400 }), frame({ height: 300 })];

  expect(warnings(frames, LIMITS, "standard")).toEqual([{ kind: "small", numbers: ["2A", "3"] }]);
});

it("each group of twins is told once, whichever of them names the other", () => {
  const frames = [
    frame({ uploadId: "a", alike: ["c"] }),
    frame({ uploadId: "b" }),
    frame({ uploadId: "c" }),
    frame({ uploadId: "d", alike: ["a"] }),
  ];

  expect(warnings(frames, LIMITS, "standard")).toEqual([{ kind: "near", numbers: ["1", "3", "4A"] }]);
});

it("few pictures are worth a word only if they are learnt thoroughly", () => {
  expect(warnings([frame({})], LIMITS, "thorough")).toEqual([{ kind: "few", count: 1 }]);
  expect(warnings([frame({})], LIMITS, "standard")).toEqual([]);
});
