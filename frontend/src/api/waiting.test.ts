import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { anyLate, begun, watchLate } from "./waiting.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("an answer that comes in time is never late", () => {
  const over = begun();
  vi.advanceTimersByTime(7000);
  over();
  vi.advanceTimersByTime(60_000);

  expect(anyLate()).toBe(false);
});

it("a page is told when it waits too long, and when it no longer does", () => {
  const seen: boolean[] = [];
  const stop = watchLate(() => seen.push(anyLate()));
  const [one, other] = [begun(), begun()];

  vi.advanceTimersByTime(8000);
  one();
  one();
  other();
  stop();

  expect(seen).toEqual([true, true, true, false]);
});
