import { describe, expect, it } from "vitest";
import { SOFT_BELOW } from "./coach.ts";
import { distance, lookOf, type Pixels } from "./look.ts";

function painted(width: number, height: number, tone: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([tone(x, y), tone(x, y), tone(x, y), 255], (y * width + x) * 4);
  return { data, width, height };
}

const waves = (length: number) => (x: number, y: number) => 128 + 90 * Math.sin((x * 6.28) / length) * Math.cos((y * 6.28) / length);
const slope = (x: number, y: number) => (x * 2 + y) % 256;

describe("sharpness", () => {
  it("is above the line for fine detail and below it for what is soft all over", () => {
    expect(lookOf(painted(512, 384, waves(8))).sharpness).toBeGreaterThan(SOFT_BELOW);
    expect(lookOf(painted(512, 384, waves(90))).sharpness).toBeLessThan(SOFT_BELOW);
  });

  it("asks for no sharp background", () => {
    const subject = painted(512, 384, (x, y) => (x > 128 && x < 400 && y > 96 && y < 300 ? waves(6)(x, y) : waves(200)(x, y)));

    expect(lookOf(subject).sharpness).toBeGreaterThan(SOFT_BELOW);
  });

  it("is not that of one speck of dust", () => {
    const dusty = painted(512, 384, (x, y) => (x === 20 && y === 20 ? 255 : waves(200)(x, y)));

    expect(lookOf(dusty).sharpness).toBeLessThan(SOFT_BELOW);
  });
});

describe("a print", () => {
  it("stays the same when a picture is resized or made brighter", () => {
    const large = lookOf(painted(512, 384, (x, y) => slope(x, y)));
    const small = lookOf(painted(256, 192, (x, y) => slope(x * 2, y * 2)));
    const bright = lookOf(painted(512, 384, (x, y) => slope(x, y) * 0.8 + 40));

    expect(distance(large.print, small.print)).toBeLessThanOrEqual(3);
    expect(distance(large.print, bright.print)).toBeLessThanOrEqual(3);
  });

  it("of another picture is far", () => {
    expect(distance(lookOf(painted(512, 384, slope)).print, lookOf(painted(512, 384, waves(150))).print)).toBeGreaterThan(10);
  });

  it("of one tone says nothing, and is near to none", () => {
    const grey = lookOf(painted(64, 64, () => 127)).print;

    expect(grey).toBe("");
    expect(distance(grey, grey)).toBe(64);
  });
});

it("colours are those of six by six fields", () => {
  const { colours } = lookOf(painted(60, 60, (x) => (x < 30 ? 0 : 200)));

  expect(colours).toHaveLength(108);
  expect(colours.slice(0, 3)).toEqual([0, 0, 0]);
  expect(colours.slice(-3)).toEqual([200, 200, 200]);
});

it("a picture of a few pixels can be looked at", () => {
  expect(lookOf(painted(3, 2, slope)).sharpness).toBeGreaterThanOrEqual(0);
});
