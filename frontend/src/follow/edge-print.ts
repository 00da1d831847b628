/** What is printed along the edge of a frame. */

import { duration } from "../job/duration.ts";
import { clock, number } from "../words/format.ts";
import type { Language, Words } from "../words/words.ts";
import type { Fact, Label } from "./timeline.ts";

type Say = Words["follow"];

export function labelOf(label: Label, say: Say, language: Language): string {
  if (label.of === "pictures") return say.shot.pictures(label.count);
  if (label.of === "stage") return say.stages[label.stage];
  return label.of === "step" ? number(label.step, language) : say.shot.sample(label.number);
}

export function factOf(fact: Fact | undefined, say: Say, language: Language): string {
  switch (fact?.of) {
    case "clock":
      return clock(fact.at, language);
    case "took":
      return duration(fact.milliseconds);
    case "total":
      return say.shot.of(number(fact.total, language));
    case "at":
      return say.shot.at(number(fact.step, language));
    case "likeness":
      return say.shot.like(number(fact.share, language, 2));
    case undefined:
      return "";
  }
}
