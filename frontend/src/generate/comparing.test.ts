import { expect, it } from "vitest";
import { addressOf, compared, moved, placesIn, pressed, scaled, twin, WHOLE, wordsApart } from "./comparing.ts";
import { toggled } from "./picked.ts";
import { type Print, printsOf } from "./prints.ts";
import { generation } from "./samples.test-data.ts";

const [A, B] = ["1c4y8dn2w6r9k3q7x5tz0mhvbs", "2d7z5fp9e3s6m1w4k8qx0thvcr"];
const SAY = { model: (id: string) => id, version: ({ made }: Print) => (made.base ? "untuned" : `v${made.version}`), number: String };
const first = (some: Parameters<typeof generation>[0]) => printsOf(generation(some))[0] as Print;

it("reads from an address what it wrote there, each once and four at most", () => {
  const keys = [`${A}.0`, `${A}.1`, `${B}.0`, `${B}.1`, `${B}.2`];

  expect(placesIn(addressOf(keys))).toEqual([
    { id: A, number: 0 },
    { id: A, number: 1 },
    { id: B, number: 0 },
    { id: B, number: 1 },
  ]);
  expect(placesIn(`${A}.0~${A}.0~nonsense`)).toHaveLength(1);
  expect(placesIn(undefined)).toEqual([]);
});

it("tells settings that differ from those that are the same in all", () => {
  const { differ, same } = compared([first({ seed: 1 }), first({ seed: 1, base: true, steps: 50 })], SAY);

  expect(differ.map((line) => line.setting)).toEqual(["version", "steps"]);
  expect(differ[0]?.values).toEqual(["v1", "untuned"]);
  expect(same.map((line) => line.setting)).toContain("seed");
});

it("finds the words that another prompt lacks", () => {
  const words = wordsApart("a sks cat, in snow", ["a sks cat on sand"]);

  expect(words.filter((word) => word.own).map((word) => word.text)).toEqual(["in", "snow"]);
  expect(words.map((word) => word.text).join("")).toBe("a sks cat, in snow");
});

it("knows the untuned print of the same words and the same seed, if it was drawn", () => {
  const tuned = printsOf(generation({ id: A, seed: 7 }))[1] as Print;

  expect(twin(tuned, [generation({ id: B, seed: 8, base: true })])).toBe(`${B}.0`);
  expect(twin(tuned, [generation({ id: B, seed: 8 })])).toBeUndefined();
  expect(twin(tuned, [generation({ id: B, seed: 8, base: true, steps: 5 })])).toBeUndefined();
  expect(twin(tuned, [generation({ id: B, seed: 8, base: true }, 0)])).toBeUndefined();
});

it("shows the place that was pressed twice as large, and in the end everything again", () => {
  const corner = pressed(WHOLE, 0.9, 0.1);

  expect(corner).toEqual({ scale: 2, x: 0.75, y: 0.25 });
  expect(pressed(pressed(corner, 0.5, 0.5), 0.5, 0.5)).toEqual(WHOLE);
});

it("never moves past an edge", () => {
  const near = moved(scaled(WHOLE, 2), 5, -5);

  expect(near).toEqual({ scale: 2, x: 0.75, y: 0.25 });
  expect(scaled(near, 1)).toEqual(WHOLE);
});

it("lets the first that was picked make room for a fifth", () => {
  expect(toggled(["a", "b", "c", "d"], "e")).toEqual(["b", "c", "d", "e"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
});
