import { expect, it } from "vitest";
import type { Words } from "./described.ts";
import { whatIsMissing } from "./missing.ts";

const WHOLE: Words = { name: "", subject: "vexl", classWord: "cat", method: "dreambooth", preset: "standard", consent: true };

it("nothing is missing once there are pictures, words and consent", () => {
  expect(whatIsMissing(5, 5, WHOLE, {})).toEqual([]);
});

it("what is missing is told in the order of the journey", () => {
  const words = { ...WHOLE, classWord: " a ", subject: "x", consent: false };

  expect(whatIsMissing(2, 5, words, { subject: "jorv" })).toEqual([
    { what: "pictures", more: 3 },
    { what: "classWord" },
    { what: "subject" },
    { what: "clash" },
    { what: "consent" },
  ]);
});

it("a class word that the service would refuse is not merely missing", () => {
  expect(whatIsMissing(5, 5, { ...WHOLE, classWord: "cat7" }, {})).toEqual([{ what: "wrongClassWord" }]);
});
