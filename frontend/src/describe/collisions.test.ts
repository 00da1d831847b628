import { expect, it } from "vitest";
import { inEnglish, isPeople, isVague } from "./class-words.ts";
import { collision, isKnown } from "./collisions.ts";
import { rareWord } from "./rare-words.ts";

const NONE: [] = [];
const kind = (subject: string, classWord = "cat") => collision(subject, classWord, NONE)?.kind;

it("a word that means nothing is free", () => {
  expect(kind("chlsea")).toBeUndefined();
  expect(kind("ohwx")).toBeUndefined();
});

it("a word that the model knows is told apart by what it is", () => {
  expect(kind("chelsea")).toBe("known");
  expect(kind("Luna")).toBe("name");
  expect(kind("sks")).toBe("famous");
  expect(kind("cat", "tabby cat")).toBe("class");
});

it("an ending, a number or a hyphen make no new word", () => {
  for (const word of ["chairs", "berries", "wolves", "running", "baked", "cat2", "red-chair", "boxes", "katze"])
    expect(isKnown(word), word).toBe(true);
});

it("what is near to a known word is not that word", () => {
  for (const word of ["chr", "wlf", "gngr", "vexl"]) expect(isKnown(word), word).toBe(false);
});

it("digits, two letters and very long words are warned of", () => {
  expect(kind("2024")).toBe("digits");
  expect(kind("qx")).toBe("short");
  expect(kind("vexljorvquzotylq")).toBe("long");
});

it("only what the service would not take is refused", () => {
  for (const word of ["", "x", "two words", "-x", "größe"]) expect(kind(word), word).toBe("refused");
});

it("a word that stands for another model says for which", () => {
  expect(collision("VEXL", "cat", [{ subject: "vexl", name: "Ginger" }])).toEqual({ kind: "taken", by: "Ginger" });
});

it("the word that is offered is near to what was typed, and free of trouble", () => {
  expect(rareWord("chelsea", "cat", NONE, 0)).toBe("chlsea");
  expect(rareWord("chelsea", "cat", [{ subject: "chlsea", name: "Ginger" }], 0)).toBe("chls");
});

it("another one is another one, and every one of them is free", () => {
  const offered = Array.from({ length: 40 }, (_, turn) => rareWord("luna", "cat", NONE, turn));

  expect(new Set(offered).size).toBe(40);
  for (const word of offered) expect(kind(word), word).toBeUndefined();
});

it("German class words are offered in English, and people are known as people", () => {
  expect(inEnglish("eine Katze")).toBe("cat");
  expect(inEnglish("Tür")).toBe("door");
  expect(inEnglish("cat")).toBeUndefined();
  expect(inEnglish("sofa")).toBeUndefined();
  expect(isPeople("old man")).toBe(true);
  expect(isPeople("mantis")).toBe(false);
  expect(isVague("thing")).toBe(true);
});
