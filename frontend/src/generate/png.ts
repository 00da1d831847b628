/** Words inside a PNG: a picture that is passed on keeps what it was asked for. The picture itself stays as it is, byte for byte. */

const SIGNATURE = 8;
const HEADER = SIGNATURE + 25;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** Behind the header, where readers look first. `texts` are keywords, which PNG wants in Latin letters, and what they say. */
export function withTexts(png: Uint8Array, texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const chunks = Object.entries(texts).map(([keyword, text]) => chunk(keyword, text));
  return joined(png.subarray(0, HEADER), ...chunks, png.subarray(HEADER));
}

/** tEXt holds Latin-1 only; what has other letters goes into iTXt, which every reader of the one knows too. */
function chunk(keyword: string, text: string): Uint8Array {
  return isLatin(text)
    ? sealed("tEXt", joined(latin(keyword), Uint8Array.of(0), latin(text)))
    : sealed("iTXt", joined(latin(keyword), new Uint8Array(5), new TextEncoder().encode(text)));
}

function sealed(type: string, data: Uint8Array): Uint8Array {
  const body = joined(latin(type), data);
  return joined(number(data.length), body, number(crc32(body)));
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const isLatin = (text: string): boolean => [...text].every((char) => char === "\n" || isPrinted(char.codePointAt(0) ?? 0));
const isPrinted = (code: number): boolean => (code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code <= 0xff);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
