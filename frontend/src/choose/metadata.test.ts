import { describe, expect, it } from "vitest";
import { isBare, isLocated } from "./metadata.ts";
import { boxOf, fitted, goesAsItIs } from "./prepared.ts";

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((char) => char.charCodeAt(0)) : part)));

const size16 = (size: number) => [size >> 8, size & 0xff];
const segment = (marker: number, content: string) => bytes([0xff, marker], size16(content.length + 2), content);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

const START = bytes([0xff, 0xd8]);
const JFIF = segment(0xe0, "JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
const TABLES = join(segment(0xdb, "q".repeat(65)), segment(0xc0, "f".repeat(15)), segment(0xc4, "h".repeat(20)));
const SCAN = join(segment(0xda, "scan"), bytes([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]));
const END = bytes([0xff, 0xd9]);

/** Camera data of one entry: where the picture was taken. */
function exif(tag: number[], order: "II" | "MM" = "MM"): string {
  const entry = String.fromCharCode(...tag, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26);
  const body =
    order === "MM"
      ? `MM\0*\0\0\0\x08\0\x01${entry}\0\0\0\0\0\x02`
      : "II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0\x02\0";
  return `Exif\0\0${body}`;
}

const chunk = (name: string, content: string) => bytes([0, 0, ...size16(content.length)], name, content, [9, 9, 9, 9]);
const PNG = "\x89PNG\r\n\x1a\n";

const GPS = [0x88, 0x25];
const ORIENTATION = [0x01, 0x12];

describe("a JPEG", () => {
  it("with nothing but its pixels may be sent as it is", () => {
    expect(isBare(join(START, JFIF, TABLES, SCAN, END), "jpeg")).toBe(true);
    expect(isBare(join(START, JFIF, segment(0xe2, "ICC_PROFILE\0\x01\x01..."), TABLES, SCAN, END), "jpeg")).toBe(true);
  });

  it("in several scans may, too", () => {
    expect(isBare(join(START, TABLES, SCAN, segment(0xc4, "more"), SCAN, END), "jpeg")).toBe(true);
  });

  it("with camera data, a comment, a maker's part or a second picture behind it may not", () => {
    expect(isBare(join(START, segment(0xe1, exif(ORIENTATION)), TABLES, SCAN, END), "jpeg")).toBe(false);
    expect(isBare(join(START, JFIF, segment(0xfe, "by me"), TABLES, SCAN, END), "jpeg")).toBe(false);
    expect(isBare(join(START, segment(0xe2, "MPF\0"), TABLES, SCAN, END), "jpeg")).toBe(false);
    expect(isBare(join(START, TABLES, SCAN, END, START, TABLES, SCAN, END), "jpeg")).toBe(false);
  });

  it("that is cut off may not", () => {
    expect(isBare(join(START, TABLES, SCAN), "jpeg")).toBe(false);
  });
});

describe("a PNG", () => {
  it("without text may be sent as it is", () => {
    expect(isBare(join(bytes(PNG), chunk("IHDR", "h"), chunk("IDAT", "pixels"), chunk("IEND", "")), "png")).toBe(true);
  });

  it("with text, camera data or something behind its end may not", () => {
    const ends = [chunk("IDAT", "pixels"), chunk("IEND", "")];

    expect(isBare(join(bytes(PNG), chunk("IHDR", "h"), chunk("tEXt", "Author\0me"), ...ends), "png")).toBe(false);
    expect(isBare(join(bytes(PNG), chunk("IHDR", "h"), chunk("eXIf", "MM\0*"), ...ends), "png")).toBe(false);
    expect(isBare(join(bytes(PNG), chunk("IHDR", "h"), ...ends, bytes("zip")), "png")).toBe(false);
  });
});

describe("where a picture was taken", () => {
  it("is found in camera data of either byte order", () => {
    expect(isLocated(join(START, segment(0xe1, exif(GPS))))).toBe(true);
    expect(isLocated(join(START, segment(0xe1, exif(GPS, "II"))))).toBe(true);
  });

  it("is found at the end of a large file, and in what programs add as text", () => {
    const large = new Uint8Array(900_000);

    expect(isLocated(join(large, bytes(exif(GPS))))).toBe(true);
    expect(isLocated(bytes("<x:xmpmeta exif:GPSLatitude='52,31N'>"))).toBe(true);
  });

  it("is not claimed of a picture that only says how it was held", () => {
    expect(isLocated(join(START, segment(0xe1, exif(ORIENTATION))))).toBe(false);
    expect(isLocated(bytes("Exif\0\0MM\0*"))).toBe(false);
  });
});

describe("what is sent", () => {
  const bare = join(START, JFIF, TABLES, SCAN, END);

  it("is the file itself only while it is small and bare", () => {
    expect(goesAsItIs(bare, "jpeg", 2048, 1536)).toBe(true);
    expect(goesAsItIs(bare, "jpeg", 2049, 1536)).toBe(false);
    expect(goesAsItIs(join(START, segment(0xe1, exif(GPS)), TABLES, SCAN, END), "jpeg", 800, 600)).toBe(false);
    expect(goesAsItIs(bytes("GIF89a"), "gif", 100, 100)).toBe(false);
  });

  it("is never enlarged", () => {
    expect(fitted(4032, 3024, 2048)).toEqual({ width: 2048, height: 1536 });
    expect(fitted(400, 300, 2048)).toEqual({ width: 400, height: 300 });
    expect(fitted(9000, 2, 2048)).toEqual({ width: 2048, height: 1 });
  });

  it("of a crop stays within the picture", () => {
    expect(boxOf(undefined, 40, 30)).toEqual({ x: 0, y: 0, width: 40, height: 30 });
    expect(boxOf({ left: 0.25, top: 0, width: 0.75, height: 1 }, 4000, 3000)).toEqual({ x: 1000, y: 0, width: 3000, height: 3000 });
    expect(boxOf({ left: 0.9, top: 0.9, width: 0.5, height: 0.5 }, 100, 100)).toEqual({ x: 90, y: 90, width: 10, height: 10 });
  });
});
