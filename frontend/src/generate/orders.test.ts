import { expect, it } from "vitest";
import { keep, kept } from "./kept.ts";
import { aSeed, asked, firstOrder, fromSearch, hintsFor, isNamed, next, type Order, RANGES, remixed, withSubject } from "./orders.ts";
import { printsOf } from "./prints.ts";
import { generation } from "./samples.test-data.ts";

const MODEL = { prompt: "a photo of a sks cat", subject: "sks", classWord: "cat" };
const CONFIG = {
  prompts: { train: "", hints: ["a photo of a {subject} {classWord}", "a painting of {subject} {classWord}"], steps: 30, guidance: 7.5 },
  limits: { maxPrints: 4 } as never,
};
const ORDER: Order = firstOrder(MODEL, CONFIG, 17);

function store() {
  const kept = new Map<string, string>();
  return { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value) };
}

it("starts with the words that the model was trained on and a seed of its own", () => {
  expect(ORDER).toMatchObject({ prompt: "a photo of a sks cat", seed: 17, keepSeed: false, steps: 30, guidance: 7.5, count: 4 });
});

it("draws seeds that leave room for the prints after the first", () => {
  expect(aSeed(0)).toBe(0);
  expect(aSeed(0.9999999) + RANGES.count[1]).toBeLessThan(2 ** 31);
});

it("gives the next order another seed, unless the seed is held", () => {
  expect(next(ORDER, 99).seed).toBe(99);
  expect(next({ ...ORDER, keepSeed: true }, 99).seed).toBe(17);
});

it("takes over all settings of a print and holds the very seed of that print", () => {
  const third = printsOf(generation({ seed: 40, steps: 50, guidance: 3, negativePrompt: "text" }))[2];

  const order = third && remixed(third, 2);

  expect(order).toMatchObject({ seed: 42, keepSeed: true, steps: 50, guidance: 3, negativePrompt: "text", count: 2 });
  expect(order?.remixOf).toBe(third?.made.id);
});

it("asks for what is in the form, without spaces around it", () => {
  expect(asked({ ...ORDER, prompt: " a sks cat \n" }, true)).toMatchObject({ prompt: "a sks cat", seed: 17, base: true });
});

it("fills the form from an address, and holds a seed that stands there", () => {
  const order = fromSearch({ prompt: "a sks cat in snow", seed: 5, steps: "20", guidance: 6.5, count: 1 }, ORDER);

  expect(order).toMatchObject({ prompt: "a sks cat in snow", seed: 5, keepSeed: true, steps: 20, guidance: 6.5, count: 1 });
});

it("takes a prompt for words even where a router read a number", () => {
  expect(fromSearch({ prompt: 42 }, ORDER)?.prompt).toBe("42");
});

it.each([{}, { seed: -1 }, { steps: 1000 }, { guidance: "much" }, { prompt: { a: 1 } }, { other: "thing" }])(
  "leaves the form as it is where an address has nothing that fits: %j",
  (search) => {
    expect(fromSearch(search, ORDER)).toBeUndefined();
  },
);

it.each([
  ["a photo of a sks cat", true],
  ["SKS, sitting", true],
  ["a photo of a cat", false],
  ["asks a cat", false],
  ["sks-2 cat", false],
])("knows whether the subject's word is in “%s”", (prompt, named) => {
  expect(isNamed(prompt, "sks")).toBe(named);
});

it("puts the word before its class, or both at the end", () => {
  expect(withSubject("a cat in the snow", MODEL)).toBe("a sks cat in the snow");
  expect(withSubject("in the snow,", MODEL)).toBe("in the snow, sks cat");
  expect(withSubject("", MODEL)).toBe("sks cat");
});

it("offers the hints but the one that stands in the form already", () => {
  expect(hintsFor(CONFIG.prompts.hints, MODEL)).toEqual(["a painting of sks cat"]);
});

it("keeps what was typed for a model, and only what is still of its kind", () => {
  const there = store();
  keep("one", { ...ORDER, prompt: "mine", remixOf: "1c4y8dn2w6r9k3q7x5tz0mhvbs" }, there);
  there.setItem("order two", '{"prompt": 5, "steps": 12}');
  there.setItem("order three", "no json");

  expect(kept("one", ORDER, there)).toMatchObject({ prompt: "mine", remixOf: "1c4y8dn2w6r9k3q7x5tz0mhvbs" });
  expect(kept("two", ORDER, there)).toEqual({ ...ORDER, steps: 12 });
  expect(kept("three", ORDER, there)).toEqual(ORDER);
});
