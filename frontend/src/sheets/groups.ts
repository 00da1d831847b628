/** Sheets by what has become of them. */

import type { State } from "../generated/states.ts";
import { isOpen, isTrained, isUnderway } from "../job/journey.ts";

export const GROUPS = ["all", "open", "underway", "trained", "ended"] as const;
export type Group = (typeof GROUPS)[number];

/** As many as one sees at a glance; more are worth a filter. */
export const MANY = 12;

export function groupOf(state: State): Group {
  if (isOpen(state)) return "open";
  if (isTrained(state)) return "trained";
  return isUnderway(state) ? "underway" : "ended";
}

export const inGroup = (state: State, group: Group): boolean => group === "all" || groupOf(state) === group;
