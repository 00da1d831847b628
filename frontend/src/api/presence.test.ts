import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Presence, watchPresence } from "./presence.ts";

let hidden = false;
let told: Presence[] = [];
const heard = new Map<string, () => void>();
const around = {
  hidden: () => hidden,
  now: () => Date.now(),
  listen(event: string, act: () => void) {
    heard.set(event, act);
    return () => heard.delete(event);
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  told = [];
});
afterEach(() => vi.useRealTimers());

function turn(away: boolean): void {
  hidden = away;
  heard.get("visibilitychange")?.();
}

it("a glance at another window is no leaving; a minute is", () => {
  watchPresence((presence) => told.push(presence), around);

  turn(true);
  vi.advanceTimersByTime(30_000);
  turn(false);
  expect(told).toEqual([]);
  turn(true);
  vi.advanceTimersByTime(61_000);
  turn(false);

  expect(told).toEqual([
    { here: false, returns: 0 },
    { here: true, returns: 1 },
  ]);
});

it("whoever opens the laptop again, or finds a network again, is back", () => {
  watchPresence((presence) => told.push(presence), around);

  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(5_000);
  heard.get("online")?.();

  expect(told.map(({ returns }) => returns)).toEqual([1, 2]);
});

it("nothing is told after the last listener has gone", () => {
  const stop = watchPresence((presence) => told.push(presence), around);

  turn(true);
  stop();
  vi.advanceTimersByTime(120_000);

  expect(told).toEqual([]);
  expect(heard.size).toBe(0);
});
