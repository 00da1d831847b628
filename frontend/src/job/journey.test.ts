import { describe, expect, it } from "vitest";
import { RANK, type State } from "../generated/states.ts";
import { job as de } from "../words/de/job.ts";
import { job as en } from "../words/en/job.ts";
import { canGo, leadsTo, placed, STEPS, type Step } from "./journey.ts";
import { moment, sheetCode } from "./names.ts";

const way = (state: State, here: Step, model = false) => STEPS.map((step) => placed(step, { state, model }, here));

describe("the way from pictures to prints", () => {
  it("is open up to the check while pictures are laid out", () => {
    expect(way("uploading", "describe")).toEqual(["link", "here", "link", "to come", "to come", "to come"]);
  });

  it("has its first half behind it once the sheet is handed in", () => {
    expect(way("training", "follow")).toEqual(["done", "done", "done", "here", "to come", "to come"]);
    expect(way("failed", "follow")).toEqual(["done", "done", "done", "here", "to come", "to come"]);
  });

  it("leads to prints where there is a model, and not where it was deleted", () => {
    expect(way("retired", "result", true)).toEqual(["done", "done", "done", "link", "here", "link"]);
    expect(way("ready", "result")).toEqual(["done", "done", "done", "link", "here", "to come"]);
  });

  it("leads every state to a page that makes sense in it", () => {
    for (const state of Object.keys(RANK) as State[]) expect(canGo(leadsTo(state), { state, model: false }), state).toBe(true);
  });
});

it("a sheet is told by the end of its id", () => {
  expect(sheetCode("01jd0000000000000000004kx2")).toBe("4KX2");
});

it("a moment is said as one would say it", () => {
  const now = new Date(2026, 10, 22, 15, 0);
  const at = (day: number) => new Date(2026, 10, day, 14, 7).toISOString();

  expect([22, 21, 3].map((day) => moment(at(day), en, "en", now))).toEqual(["today, 14:07", "yesterday, 14:07", "3 Nov, 14:07"]);
  expect(moment(at(21), de, "de", now)).toBe("gestern, 14:07");
});
