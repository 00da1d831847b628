import { expect, it } from "vitest";
import { card, fileName } from "./card.ts";
import { withTexts } from "./png.ts";
import { type Print, printsOf } from "./prints.ts";
import { generation } from "./samples.test-data.ts";

// one transparent pixel
const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="),
  (char) => char.charCodeAt(0),
);
const MODEL = { id: "06fm3t8w2c9k5n1x7q4zr0hdvj", name: "Ginger, the cat" };
const print = (some: Parameters<typeof generation>[0] = {}) => printsOf(generation(some))[1] as Print;

/** As a reader of PNG walks through it. */
function chunks(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset);
  const found: { type: string; data: Uint8Array; crc: number }[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    found.push({ type, data: png.subarray(at + 8, at + 8 + length), crc: view.getUint32(at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

it("writes the words behind the header and leaves the picture as it is", () => {
  const before = chunks(PNG);

  const after = chunks(withTexts(PNG, { Software: "sd for designers" }));

  expect(after.map(({ type }) => type)).toEqual(["IHDR", "tEXt", "IDAT", "IEND"]);
  expect(new TextDecoder().decode(after[1]?.data)).toBe("Software\0sd for designers");
  expect(after.filter(({ type }) => type !== "tEXt")).toEqual(before);
});

it("seals each chunk so that a reader believes it", () => {
  const [, text] = chunks(withTexts(PNG, { a: "b" }));

  // CRC-32 of "tEXta\0b", as zlib reckons it
  expect(text?.crc).toBe(0xdc49a23b);
});

it("writes letters beyond Latin-1 as international text", () => {
  const [, text] = chunks(withTexts(PNG, { Description: "猫 in snow" }));

  expect(text?.type).toBe("iTXt");
  expect(new TextDecoder().decode(text?.data.subarray("Description".length + 5))).toBe("猫 in snow");
});

it("tells all that it takes to draw a print again, in the form that other tools read", () => {
  const { parameters, Description } = card(print({ negativePrompt: "text", seed: 41 }), MODEL);

  expect(parameters).toBe(
    'a photo of a sks cat\nNegative prompt: text\nSteps: 30, CFG scale: 7.5, Seed: 42, Model: "Ginger, the cat, version 1"',
  );
  expect(Description).toContain("Seed 42, 30 steps, guidance 7.5");
});

it("leaves out the line of what was to be avoided where there was none", () => {
  expect(card(print(), MODEL).parameters?.split("\n")).toHaveLength(2);
});

it("gives the untuned print a name of its own", () => {
  expect(fileName(print({ seed: 41 }), "sks")).toBe("sks-42-hvbs.png");
  expect(fileName(print({ seed: 41, base: true }), "sks")).toBe("sks-untuned-42-hvbs.png");
});
