/** What a picture's file holds beside its pixels. */

import type { Kind } from "./kinds.ts";

/** Whether the file holds nothing but one picture and what is needed to draw it: then it may be sent as it is. Parts are allowed by name,
 * so that one that nobody thought of counts as something that was written about the picture. */
export function isBare(bytes: Uint8Array, kind: Kind): boolean {
  if (kind === "jpeg") return isBareJpeg(bytes);
  if (kind === "png") return isBarePng(bytes);
  return kind === "webp" && isBareWebp(bytes);
}

const SCAN = 0xda;
const END = 0xd9;
const APP0 = 0xe0;

function isBareJpeg(bytes: Uint8Array): boolean {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = byte(bytes, at + 1);
    if (!isPlain(bytes, marker, at + 4)) return false;
    at += 2 + number16(bytes, at + 2);
    if (marker === SCAN) at = afterScan(bytes, at);
    if (bytes[at + 1] === END) return at + 2 === bytes.length;
  }
  return false;
}

/** Tables, frames, scans and restarts; the JFIF header, a colour profile, Adobe's word on colours. */
function isPlain(bytes: Uint8Array, marker: number, at: number): boolean {
  if (marker >= APP0) {
    const named = (name: string) => text(bytes, at, name.length) === name;
    return (marker === APP0 && named("JFIF\0")) || (marker === 0xe2 && named("ICC_PROFILE\0")) || (marker === 0xee && named("Adobe"));
  }
  return marker >= 0xc0 && marker !== 0xc8 && marker !== END;
}

/** Where the compressed pixels end: at a mark that is neither a stuffed byte nor a restart. */
function afterScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at + 1 < bytes.length) {
    const next = byte(bytes, at + 1);
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 2);
  }
  return bytes.length;
}

const PNG_PARTS: ReadonlySet<string> = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "gAMA",
  "cHRM",
  "sRGB",
  "iCCP",
  "sBIT",
  "bKGD",
  "pHYs",
]);

function isBarePng(bytes: Uint8Array): boolean {
  let at = 8;
  while (at + 12 <= bytes.length) {
    const name = text(bytes, at + 4, 4);
    if (!PNG_PARTS.has(name)) return false;
    at += 12 + number32(bytes, at);
    if (name === "IEND") return at === bytes.length;
  }
  return false;
}

/** Those of one still picture. */
const WEBP_PARTS: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ICCP"]);

function isBareWebp(bytes: Uint8Array): boolean {
  let at = 12;
  while (at + 8 <= bytes.length) {
    if (!WEBP_PARTS.has(text(bytes, at, 4))) return false;
    const size = number32(bytes, at + 4, true);
    at += 8 + size + (size % 2);
  }
  return at === bytes.length;
}

const GPS = 0x8825;
const SEARCHED_BYTES = 256 * 1024;

/** Whether the file says where the picture was taken, at either of its ends. */
export function isLocated(bytes: Uint8Array): boolean {
  return saysWhere(bytes.subarray(0, SEARCHED_BYTES)) || saysWhere(bytes.subarray(SEARCHED_BYTES).slice(-SEARCHED_BYTES));
}

function saysWhere(bytes: Uint8Array): boolean {
  const said = new TextDecoder("latin1").decode(bytes);
  return said.includes("GPSLatitude") || exifs(said).some((start) => hasGps(bytes.subarray(start)));
}

/** Where a block of camera data begins: a JPEG, a PNG, a WebP and a HEIC file each put another name before it. */
function exifs(said: string): number[] {
  return [...said.matchAll(/(?:Exif\0\0|eXIf|EXIF.{4}(?:Exif\0\0)?)(?=II\*\0|MM\0\*)/gs)].map(({ index, 0: { length } }) => index + length);
}

function hasGps(tiff: Uint8Array): boolean {
  const little = byte(tiff, 0) === 0x49;
  const at = number32(tiff, 4, little);
  const entries = Math.min(512, number16(tiff, at, little));
  for (let entry = 0; entry < entries; entry++) {
    const place = at + 2 + entry * 12;
    if (number16(tiff, place, little) === GPS) return number16(tiff, number32(tiff, place + 8, little), little) > 0;
  }
  return false;
}

const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

const number16 = (bytes: Uint8Array, at: number, little = false): number =>
  little ? byte(bytes, at) + byte(bytes, at + 1) * 256 : byte(bytes, at) * 256 + byte(bytes, at + 1);

const number32 = (bytes: Uint8Array, at: number, little = false): number =>
  little ? number16(bytes, at, true) + number16(bytes, at + 2, true) * 65536 : number16(bytes, at) * 65536 + number16(bytes, at + 2);

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
