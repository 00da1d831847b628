import { expect, it } from "vitest";
import { inTurns } from "./sending.ts";

it("all are done, no more than three at once", async () => {
  let now = 0;
  let most = 0;
  const done: number[] = [];

  await inTurns([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 8 - item));
    now -= 1;
    done.push(item);
  });

  expect(most).toBe(3);
  expect([...done].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
