import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, offline } from "../api/problems.ts";
import { sessionEnded, sessionResumed } from "../api/session.ts";
import { Saver, type Saving } from "./saver.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function saving(send: () => Promise<void>) {
  const heard: Saving[] = [];
  return { heard, saver: new Saver(send, (state) => heard.push(state)) };
}

it("ten letters in a row are sent once, a moment after the last", async () => {
  const send = vi.fn(async () => {});
  const { saver } = saving(send);

  for (let letter = 0; letter < 10; letter++) saver.soon();
  await vi.advanceTimersByTimeAsync(1000);

  expect(send).toHaveBeenCalledTimes(1);
});

it("what is typed while something is on its way goes after it, never beside it", async () => {
  let under = 0;
  const most: number[] = [];
  const { saver, heard } = saving(async () => {
    most.push(++under);
    await new Promise((done) => setTimeout(done, 2000));
    under--;
  });

  saver.soon();
  await vi.advanceTimersByTimeAsync(1000);
  saver.soon();
  await vi.advanceTimersByTimeAsync(6000);

  expect(most).toEqual([1, 1]);
  expect(heard.at(-1)).toBe("saved");
});

it("a broken line is tried again by itself, and heals", async () => {
  let broken = true;
  const { saver, heard } = saving(async () => {
    if (broken) throw offline();
  });

  saver.soon();
  await vi.advanceTimersByTimeAsync(1000);
  expect(heard.at(-1)).toBe("failed");
  broken = false;
  await vi.advanceTimersByTimeAsync(4000);

  expect(heard.at(-1)).toBe("saved");
});

it("what was refused because the session was over is sent once she is known again", async () => {
  let over = true;
  const { saver, heard } = saving(async () => {
    if (over) throw new ApiError("NOT_SIGNED_IN", "", false);
  });
  sessionEnded();
  saver.soon();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard.at(-1)).toBe("failed");

  over = false;
  sessionResumed();
  await vi.advanceTimersByTimeAsync(10);

  expect(heard.at(-1)).toBe("saved");
});

it("a refusal that would be one again is not repeated, and is thrown to whoever waits", async () => {
  const send = vi.fn(async () => {
    throw new ApiError("NOT_ALLOWED", "", false);
  });
  const { saver } = saving(send);

  await expect(saver.now()).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(send).toHaveBeenCalledTimes(1);
});
