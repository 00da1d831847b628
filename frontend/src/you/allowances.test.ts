import { expect, it } from "vitest";
import { left, percent } from "./allowances.ts";

it("a bar is as full as the day is used", () => {
  expect(percent({ used: 38, limit: 200 })).toBe(19);
  expect(left({ used: 38, limit: 200 })).toBe(162);
});

it("what was used under a higher limit leaves nothing, not less", () => {
  expect(percent({ used: 50, limit: 20 })).toBe(100);
  expect(left({ used: 50, limit: 20 })).toBe(0);
  expect(percent({ used: 0, limit: 0 })).toBe(100);
});
