import { expect, it } from "vitest";
import { blocks } from "./markdown.ts";

const CARD = `---
library_name: diffusers
---

# Ginger \\(cat\\)

## What it is

A model that knows one
subject by the word \`sks\`.

- Method: dreambooth
- Base model: \`sd/1-5\`

| file | bytes |
|---|---|
| \`unet/model.safetensors\` | 34 |
`;

const text = (spans: readonly { text: string }[]) => spans.map((span) => span.text).join("");

it("a card is headings, paragraphs, lists and tables, without what is for machines", () => {
  const found = blocks(CARD);

  expect(found.map(({ kind }) => kind)).toEqual(["heading", "heading", "paragraph", "list", "table"]);
});

it("a name keeps its characters, and code is told apart", () => {
  const [title, , paragraph] = blocks(CARD);

  expect(title).toEqual({ kind: "heading", level: 1, spans: [{ text: "Ginger (cat)", code: false }] });
  expect(paragraph?.kind === "paragraph" && text(paragraph.spans)).toBe("A model that knows one subject by the word sks.");
  expect(paragraph?.kind === "paragraph" && paragraph.spans[1]).toEqual({ text: "sks", code: true });
});

it("a table has a head and rows of the same width", () => {
  const table = blocks(CARD).at(-1);

  expect(table?.kind === "table" && table.head.map(text)).toEqual(["file", "bytes"]);
  expect(table?.kind === "table" && table.rows.map((row) => row.map(text))).toEqual([["unet/model.safetensors", "34"]]);
});

it("what looks like HTML stays text", () => {
  expect(blocks("<b>bold</b>")).toEqual([{ kind: "paragraph", spans: [{ text: "<b>bold</b>", code: false }] }]);
});
