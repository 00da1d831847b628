import { expect, it } from "vitest";
import { changes, described, type Words, written } from "./described.ts";

const CAT: Words = { name: "", subject: "chlsea", classWord: "tabby cat", method: "dreambooth", preset: "standard", consent: false };

it("a sheet without words can be begun, and its words come back empty", () => {
  const begun = described({ name: "", subject: "sks", classWord: "" });

  expect(begun).toEqual({ name: "New sheet", subject: "sks", classWord: "thing" });
  expect(begun && written(begun)).toEqual({ name: "", subject: "sks", classWord: "" });
});

it("a class word loses its article and names the sheet", () => {
  expect(described({ name: " ", subject: "sks", classWord: "a tabby cat" })).toEqual({
    name: "Tabby cat",
    subject: "sks",
    classWord: "tabby cat",
  });
});

it("a sheet that is called as what it shows follows the class word, for its name comes back empty", () => {
  expect(written({ name: "Tabby cat", subject: "sks", classWord: "tabby cat" }).name).toBe("");
  expect(written({ name: "Ginger", subject: "sks", classWord: "tabby cat" }).name).toBe("Ginger");
});

it("what are no words is not sent", () => {
  expect(described({ name: "", subject: "two words", classWord: "cat" })).toBeUndefined();
  expect(described({ name: "", subject: "sks", classWord: "cat7" })).toBeUndefined();
});

it("only what has changed is sent", () => {
  expect(changes({ ...CAT, consent: true }, CAT)).toEqual({ consent: true });
  expect(changes({ ...CAT, method: "lora" }, CAT)).toEqual({ method: "lora" });
  expect(changes({ ...CAT, classWord: "dog" }, CAT)).toEqual({ name: "Dog", classWord: "dog" });
  expect(changes({ ...CAT, classWord: "a  tabby cat ", name: " Tabby cat" }, CAT)).toEqual({});
});

it("a word that is none yet waits, and holds up no other", () => {
  expect(changes({ ...CAT, subject: "two words", preset: "quick" }, CAT)).toEqual({ preset: "quick" });
  expect(changes({ ...CAT, classWord: "Stühle", subject: "vexl" }, CAT)).toEqual({ subject: "vexl" });
});
