import { expect, it } from "vitest";
import type { Words } from "./described.ts";
import { merged, undisputed } from "./merging.ts";

const BEFORE: Words = { name: "", subject: "sks", classWord: "cat", method: "dreambooth", preset: "standard", consent: false };

it("what only another window has changed is taken over", () => {
  expect(merged(BEFORE, BEFORE, { ...BEFORE, classWord: "dog" })).toEqual({ words: { ...BEFORE, classWord: "dog" }, clash: {} });
});

it("what only this window has changed stays", () => {
  const mine = { ...BEFORE, subject: "vexl" };

  expect(merged(BEFORE, mine, { ...BEFORE, consent: true })).toEqual({ words: { ...mine, consent: true }, clash: {} });
});

it("where both changed the same word neither is written over", () => {
  const mine = { ...BEFORE, subject: "vexl" };

  const { words, clash } = merged(BEFORE, mine, { ...BEFORE, subject: "jorv" });

  expect(words.subject).toBe("vexl");
  expect(clash).toEqual({ subject: "jorv" });
  expect(undisputed(words, { ...BEFORE, subject: "jorv" }, clash).subject).toBe("jorv");
});

it("two who wrote the same agree", () => {
  const same = { ...BEFORE, subject: "vexl" };

  expect(merged(BEFORE, same, same)).toEqual({ words: same, clash: {} });
});
