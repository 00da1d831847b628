import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

type Rgb = readonly [number, number, number];
type Light = "light" | "dark";

const CSS = readFileSync(new URL("base.css", import.meta.url), "utf8");

/** A token's colour in one light, as linear red, green and blue. */
function colour(token: string, light: Light): Rgb {
  const value = new RegExp(`--${token}: (.+);`).exec(CSS)?.[1] ?? "";
  const colours = [...value.matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)].map(([, l, c, h]) => linear(Number(l), Number(c), Number(h)));
  const found = colours[light === "dark" ? colours.length - 1 : 0];
  if (!found) throw new Error(`there is no colour --${token}`);
  return found;
}

/** From OKLCH to linear sRGB, as CSS Color 4 has it. */
function linear(lightness: number, chroma: number, hue: number): Rgb {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function luminance([red, green, blue]: Rgb): number {
  const seen = (part: number) => Math.min(1, Math.max(0, part));
  return 0.2126 * seen(red) + 0.7152 * seen(green) + 0.0722 * seen(blue);
}

function contrast(one: string, other: string, light: Light): number {
  const [a, b] = [luminance(colour(one, light)), luminance(colour(other, light))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const TEXT = 4.5;
const SHAPE = 3;

const PAIRS = [
  ["ink", "paper", TEXT],
  ["ink", "raised", TEXT],
  ["soft", "paper", TEXT],
  ["soft", "raised", TEXT],
  ["safelight", "paper", TEXT],
  ["safelight", "raised", TEXT],
  ["on-safelight", "safelight", TEXT],
  ["good", "paper", TEXT],
  ["good", "raised", TEXT],
  ["warn", "paper", TEXT],
  ["warn", "raised", TEXT],
  ["film-ink", "film", TEXT],
  ["film-dim", "film", TEXT],
  ["film-ink", "unexposed", TEXT],
  ["paper", "ink", TEXT],
  ["edge", "paper", SHAPE],
  ["edge", "raised", SHAPE],
  ["safelight", "film", SHAPE],
  ["grease", "film", SHAPE],
] as const;

it.each(PAIRS)("%s can be told from %s in both lights", (one, other, least) => {
  expect(contrast(one, other, "light")).toBeGreaterThanOrEqual(least);
  expect(contrast(one, other, "dark")).toBeGreaterThanOrEqual(least);
});

it("the theme colours of the page are those of the paper", () => {
  const page = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
  const said = [...page.matchAll(/name="theme-color" content="#(\w{6})"/g)].map(([, hex = ""]) => hex);

  expect(said).toEqual([hex(colour("paper", "light")), hex(colour("paper", "dark"))]);
});

function hex(rgb: Rgb): string {
  const gamma = (part: number) => (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055);
  return rgb
    .map((part) =>
      Math.round(gamma(Math.min(1, Math.max(0, part))) * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("");
}
