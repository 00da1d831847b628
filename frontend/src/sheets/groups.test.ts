import { expect, it } from "vitest";
import { RANK, type State } from "../generated/states.ts";
import { sheets as de } from "../words/de/sheets.ts";
import { sheets as en } from "../words/en/sheets.ts";
import { GROUPS, groupOf, inGroup } from "./groups.ts";

const STATES = Object.keys(RANK) as State[];

it("every sheet is in one group besides all", () => {
  for (const state of STATES) expect(GROUPS.filter((group) => inGroup(state, group))).toEqual(["all", groupOf(state)]);
});

it("every state has a line in both languages", () => {
  for (const state of STATES.filter((each) => each !== "failed")) {
    const key = state as keyof typeof en.lines;
    expect(en.lines[key](3)).toMatch(/\.$/);
    expect(de.lines[key](3)).toMatch(/\.$/);
  }
});
