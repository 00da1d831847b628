import { describe, expect, it } from "vitest";
import { follow as de } from "../words/de/follow.ts";
import { follow as en } from "../words/en/follow.ts";
import { helpsMost, KINDS, kindOf } from "./failures.ts";

/** Whatever ends a job is written there, with its code. */
const ENDINGS = import.meta.glob<string>(
  [
    "../../../images/pipeline/*.py",
    "../../../services/trigger/{deadlines,letters,runs,start*,release}.py",
    "../../../services/upload/submission.py",
  ],
  { query: "?raw", import: "default", eager: true },
);

/** Failures of pictures that are drawn, and of endpoints, are not a job's. */
const NOT_A_JOBS = new Set(["NOT_DRAWN"]);

function codes(): string[] {
  const found = Object.values(ENDINGS).flatMap((text) =>
    [...text.matchAll(/(?:StepFailed|Failure)\(\s*"([A-Z_]+)"/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)].filter((code) => !NOT_A_JOBS.has(code));
}

describe("why a sheet did not develop", () => {
  it("has words for every code that the pipeline, the trigger and the service know", () => {
    expect(codes()).toEqual(expect.arrayContaining(["TRAINING", "QUALITY", "DEPLOY", "PIPELINE", "DISPATCH", "DEADLINE"]));

    for (const code of codes()) {
      for (const retryable of [true, false]) expect(kindOf({ code, retryable }), code).not.toBe("unknown");
    }
  });

  it("has a sentence, a cause, what helps and a line for each kind, in both languages", () => {
    for (const kind of KINDS) {
      for (const words of [en.failures[kind], de.failures[kind]]) {
        expect(words.sentence, kind).not.toMatch(/[.!]$/);
        for (const text of [words.cause, words.help, words.line]) expect(text, kind).toMatch(/\.$/);
      }
      expect(de.failures[kind].sentence).not.toBe(en.failures[kind].sentence);
    }
  });

  it("tells a training that went astray from one that learnt nothing", () => {
    expect(kindOf({ code: "QUALITY", retryable: true })).toBe("astray");
    expect(kindOf({ code: "QUALITY", retryable: false })).toBe("unlearnt");
    expect(kindOf({ code: "SOMETHING_NEW", retryable: true })).toBe("unknown");
    expect(kindOf(null)).toBe("unknown");
  });

  it("offers another try first, but where the pictures are the reason or no try is left", () => {
    expect(KINDS.filter((kind) => helpsMost(kind, 2) === "fresh")).toEqual(["unlearnt"]);
    expect(helpsMost("stopped", 0)).toBe("fresh");
  });
});
