/** What a file is, by its first bytes: its name and its announced type may say anything. */

export type Kind = { readonly type: string; readonly name: string };

const PICTURES: Readonly<Record<string, Kind>> = {
  jpeg: { type: "image/jpeg", name: "a JPEG" },
  png: { type: "image/png", name: "a PNG" },
  webp: { type: "image/webp", name: "a WebP" },
};

const OTHERS: readonly (readonly [test: (text: string) => boolean, name: string])[] = [
  [(text) => text.startsWith("%PDF"), "a PDF"],
  [(text) => text.startsWith("PK\x03\x04"), "a ZIP archive"],
  [(text) => /^....ftyp(heic|heix|mif1|msf1)/s.test(text), "a HEIC photo"],
  [(text) => /^....ftypavif/s.test(text), "an AVIF picture"],
  [(text) => /^....ftyp/s.test(text), "a film"],
  [(text) => text.startsWith("GIF8"), "a GIF"],
  [(text) => text.startsWith("II*\0") || text.startsWith("MM\0*"), "a TIFF"],
  [(text) => text.startsWith("8BPS"), "a Photoshop file"],
  [(text) => /^\s*<(\?xml|svg)/i.test(text), "an SVG drawing"],
];

export function kindOf(head: Uint8Array): Kind {
  const text = String.fromCharCode(...head.subarray(0, 64));
  if (text.startsWith("\xff\xd8\xff")) return PICTURES.jpeg as Kind;
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return PICTURES.png as Kind;
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return PICTURES.webp as Kind;
  return { type: "", name: OTHERS.find(([test]) => test(text))?.[1] ?? "" };
}
