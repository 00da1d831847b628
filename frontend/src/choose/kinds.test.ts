import { expect, it } from "vitest";
import { kindOf, PICTURES } from "./kinds.ts";

const head = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

it("a file is known by its first bytes, whatever its name", () => {
  expect(kindOf(head("\xff\xd8\xff\xe0"))).toBe("jpeg");
  expect(kindOf(head("\x89PNG\r\n\x1a\n"))).toBe("png");
  expect(kindOf(head("RIFF....WEBPVP8 "))).toBe("webp");
  expect(kindOf(head("\0\0\0\x18ftypheic"))).toBe("heic");
  expect(kindOf(head("\0\0\0\x18ftypavif"))).toBe("avif");
  expect(kindOf(head("\0\0\0\x18ftypqt  "))).toBe("film");
  expect(kindOf(head("BM....\0\0\0\0"))).toBe("bmp");
  expect(kindOf(head("%PDF-1.7"))).toBe("pdf");
  expect(kindOf(head(" <svg>"))).toBe("svg");
  expect(kindOf(head(""))).toBe("empty");
  expect(kindOf(head("hello"))).toBe("unknown");
});

it("only what a browser can draw counts as a picture", () => {
  expect(["jpeg", "heic", "avif", "gif"].every((kind) => PICTURES.has(kind as never))).toBe(true);
  expect(["pdf", "film", "svg", "tiff", "empty"].some((kind) => PICTURES.has(kind as never))).toBe(false);
});
