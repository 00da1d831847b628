import { expect, it } from "vitest";
import { described, written } from "./described.ts";

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

it("what are no words is not sent", () => {
  expect(described({ name: "", subject: "two words", classWord: "cat" })).toBeUndefined();
  expect(described({ name: "", subject: "sks", classWord: "cat7" })).toBeUndefined();
});
