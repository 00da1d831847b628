import { describe, expect, it } from "vitest";
import { cropOf, grown, middle, moved, pulled, type Rules, shaped, typed } from "./crop.ts";

const PICTURE = { width: 4000, height: 3000 };
const SQUARE: Rules = { picture: PICTURE, shape: "square", least: 64 };
const FREE: Rules = { ...SQUARE, shape: "free" };
const BOX = { x: 1000, y: 500, width: 1000, height: 1000 };

describe("a crop frame", () => {
  it("begins as the largest square in the middle", () => {
    expect(middle(PICTURE)).toEqual({ x: 500, y: 0, width: 3000, height: 3000 });
  });

  it("is moved within the picture", () => {
    expect(moved(BOX, -40, 40, SQUARE)).toEqual({ ...BOX, x: 960, y: 540 });
    expect(moved(BOX, -5000, 5000, SQUARE)).toEqual({ ...BOX, x: 0, y: 2000 });
  });

  it("grows and shrinks around its middle, in its proportions", () => {
    expect(grown(BOX, 200, SQUARE)).toEqual({ x: 900, y: 400, width: 1200, height: 1200 });
    expect(grown({ ...BOX, height: 500 }, -200, FREE)).toEqual({ x: 1100, y: 550, width: 800, height: 400 });
    expect(grown(BOX, 90_000, SQUARE)).toEqual({ x: 0, y: 0, width: 3000, height: 3000 });
    expect(grown(BOX, -90_000, SQUARE)).toMatchObject({ width: 64, height: 64 });
  });

  it("follows a corner while the opposite one stays", () => {
    expect(pulled(BOX, "bottomRight", 100, 300, FREE)).toEqual({ x: 1000, y: 500, width: 1100, height: 1300 });
    expect(pulled(BOX, "topLeft", 100, 100, FREE)).toEqual({ x: 1100, y: 600, width: 900, height: 900 });
    expect(pulled(BOX, "topLeft", -9000, -9000, FREE)).toEqual({ x: 0, y: 0, width: 2000, height: 1500 });
  });

  it("stays square while a corner is pulled", () => {
    expect(pulled(BOX, "bottomRight", 100, 300, SQUARE)).toEqual({ x: 1000, y: 500, width: 1300, height: 1300 });
    expect(pulled(BOX, "topLeft", -9000, -9000, SQUARE)).toEqual({ x: 500, y: 0, width: 1500, height: 1500 });
  });

  it("takes numbers, and corrects what does not fit", () => {
    expect(typed(BOX, "x", 5, SQUARE)).toEqual({ ...BOX, x: 5 });
    expect(typed(BOX, "width", 2000, SQUARE)).toEqual({ ...BOX, width: 2000, height: 2000 });
    expect(typed(BOX, "height", 2800, FREE)).toEqual({ x: 1000, y: 200, width: 1000, height: 2800 });
    expect(typed(BOX, "width", 1, FREE)).toMatchObject({ width: 64 });
  });

  it("becomes a square inside of what it was", () => {
    expect(shaped({ ...BOX, width: 2000 }, SQUARE)).toEqual({ x: 1500, y: 500, width: 1000, height: 1000 });
    expect(shaped({ ...BOX, width: 2000 }, FREE)).toEqual({ ...BOX, width: 2000 });
  });

  it("is kept in shares of the picture", () => {
    expect(cropOf(BOX, PICTURE)).toEqual({ left: 0.25, top: 1 / 6, width: 0.25, height: 1 / 3 });
  });
});
