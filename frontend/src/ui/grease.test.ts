import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Circle, Cross } from "./grease.tsx";

const stroke = (mark: typeof Circle, seed: string) => / d="([^"]+)"/.exec(renderToStaticMarkup(createElement(mark, { seed })))?.[1];

it("the hand is never twice the same, and always the same on one frame", () => {
  const seeds = Array.from({ length: 40 }, (_, index) => `frame-${index}`);

  for (const mark of [Circle, Cross]) {
    expect(new Set(seeds.map((seed) => stroke(mark, seed))).size).toBeGreaterThan(3);
    expect(stroke(mark, "frame-1")).toBe(stroke(mark, "frame-1"));
  }
});
