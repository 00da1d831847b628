import { describe, expect, it } from "vitest";
import type { JobDetail } from "../api/types.ts";
import { duration } from "../job/duration.ts";
import { follow as de } from "../words/de/follow.ts";
import { follow as en } from "../words/en/follow.ts";
import { learning, type Range, remaining, sinceWhen } from "./remaining.ts";
import { inMinutes } from "./telling.ts";

const NOW = Date.parse("2026-11-22T14:00:00Z");
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const USUAL = { lowSeconds: 600, highSeconds: 1200 };

type Job = Parameters<typeof remaining>[0];

function job(state: JobDetail["state"], minutes: number, etaSeconds: number | null = null, finishing: string | null = null): Job {
  const history = [{ state: "uploaded" as const, attempt: 1, at: ago(minutes), by: "upload", detail: "" }];
  return { state, attempt: 1, history, finishing, progress: { etaSeconds } };
}

describe("how long it will take", () => {
  it("is what sheets like it took, less what is over", () => {
    expect(remaining(job("queued", 3), USUAL, NOW)).toEqual({ is: "between", low: 420, high: 1020 });
  });

  it("is never less than the trainer says", () => {
    expect(remaining(job("training", 9, 480), USUAL, NOW)).toEqual({ is: "between", low: 480, high: 660 });
    expect(remaining(job("training", 19, 480), USUAL, NOW)).toEqual({ is: "between", low: 480, high: 600 });
  });

  it("has no lower end that would only be a second or two", () => {
    expect(remaining(job("deploying", 12), USUAL, NOW)).toEqual({ is: "at most", high: 480 });
  });

  it("has no lower end once it is to stop and be kept", () => {
    expect(remaining(job("training", 3, 480, ago(0)), USUAL, NOW)).toEqual({ is: "at most", high: 1020 });
  });

  it("says so when it takes longer than usual, or when nothing is known", () => {
    expect(remaining(job("queued", 30), USUAL, NOW)).toEqual({ is: "over", usual: 1200 });
    expect(remaining(job("queued", 3), undefined, NOW)).toEqual({ is: "unknown" });
    expect(remaining(job("training", 3, 300), undefined, NOW)).toEqual({ is: "between", low: 300, high: 375 });
  });
});

it("ranges are said in minutes, and in hours where they are long", () => {
  const ranges: Range[] = [
    { is: "between", low: 250, high: 530 },
    { is: "at most", high: 40 },
    { is: "at most", high: 500 },
    { is: "between", low: 4200, high: 7500 },
    { is: "over", usual: 1560 },
    { is: "unknown" },
  ];

  expect(ranges.map((range) => inMinutes(range, en))).toEqual([
    "Between 4 and 9 more minutes.",
    "Less than a minute more.",
    "At most 9 more minutes.",
    "Between 1 h 10 and 2 h 05 more.",
    "This takes longer than the usual 26 min. It is still going on.",
    "How long it will take is not known yet.",
  ]);
  expect(inMinutes({ is: "between", low: 250, high: 530 }, de)).toBe("Noch zwischen 4 und 9 Minuten.");
});

it("machines are paid for while they learn, in every try", () => {
  const event = (state: JobDetail["state"], attempt: number, minutes: number) => ({ state, attempt, at: ago(minutes), by: "", detail: "" });

  const history = [event("training", 1, 50), event("failed", 1, 40), event("uploaded", 2, 30), event("training", 2, 5)];

  expect(learning(history, NOW)).toBe(15 * 60_000);
  expect(learning(history.slice(0, 1), NOW)).toBe(50 * 60_000);
});

it("a stage began when it was entered in this try", () => {
  const event = (state: JobDetail["state"], attempt: number, minutes: number) => ({ state, attempt, at: ago(minutes), by: "", detail: "" });

  expect(sinceWhen({ state: "queued", attempt: 2, history: [event("queued", 1, 50), event("queued", 2, 3)] })).toBe(ago(3));
});

it("durations are said in short", () => {
  expect([5_000, 60_000, 7_500_000].map(duration)).toEqual(["5 s", "1 min", "2 h 05"]);
});
