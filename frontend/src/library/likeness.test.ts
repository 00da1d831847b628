import { expect, it } from "vitest";
import { verdict } from "./likeness.ts";

const said = (likenessBefore: number | null, likenessAfter: number | null) => verdict({ likenessBefore, likenessAfter });

it("what training has gained is said in words", () => {
  expect(said(0.21, 0.82)).toBe("much");
  expect(said(0.6, 0.7)).toBe("closer");
  expect(said(0.6, 0.61)).toBe("barely");
  expect(said(0.6, 0.6)).toBe("no");
  expect(said(0.6, 0.5)).toBe("no");
});

it("nothing is said where nothing was measured", () => {
  expect(said(null, 0.8)).toBeNull();
  expect(said(0.2, null)).toBeNull();
});
