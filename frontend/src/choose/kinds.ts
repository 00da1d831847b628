/** What a file is, by its first bytes: its name and its announced type may say anything. */

export type Kind =
  | "jpeg"
  | "png"
  | "webp"
  | "heic"
  | "avif"
  | "gif"
  | "bmp"
  | "pdf"
  | "zip"
  | "film"
  | "tiff"
  | "photoshop"
  | "svg"
  | "page"
  | "empty"
  | "unknown";

/** Those that a browser can turn into pixels, HEIC with a decoder of ours. */
export const PICTURES: ReadonlySet<Kind> = new Set<Kind>(["jpeg", "png", "webp", "heic", "avif", "gif", "bmp"]);

/** Those that may be sent as they are. */
export const TYPES: Readonly<Partial<Record<Kind, string>>> = { jpeg: "image/jpeg", png: "image/png", webp: "image/webp" };

/** The first that fits counts. */
const MARKS: readonly (readonly [Kind, (text: string) => boolean])[] = [
  ["empty", (text) => text === ""],
  ["jpeg", (text) => text.startsWith("\xff\xd8\xff")],
  ["png", (text) => text.startsWith("\x89PNG\r\n\x1a\n")],
  ["webp", (text) => text.startsWith("RIFF") && text.slice(8, 12) === "WEBP"],
  ["avif", (text) => /^....ftyp(avif|avis)/s.test(text)],
  ["heic", (text) => /^....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)/s.test(text)],
  ["film", (text) => /^....ftyp/s.test(text)],
  ["gif", (text) => text.startsWith("GIF8")],
  ["bmp", (text) => /^BM.{4}\0\0\0\0/s.test(text)],
  ["pdf", (text) => text.startsWith("%PDF")],
  ["zip", (text) => text.startsWith("PK\x03\x04")],
  ["tiff", (text) => text.startsWith("II*\0") || text.startsWith("MM\0*")],
  ["photoshop", (text) => text.startsWith("8BPS")],
  ["page", (text) => /^\s*<(!doctype html|html)/i.test(text)],
  ["svg", (text) => /^\s*<(\?xml|svg)/i.test(text)],
];

export function kindOf(head: Uint8Array): Kind {
  const text = String.fromCharCode(...head.subarray(0, 64));
  return MARKS.find(([, fits]) => fits(text))?.[0] ?? "unknown";
}
