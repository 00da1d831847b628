import { expect, it } from "vitest";
import { lowest, path, points, smooth, some, topOf } from "./loss.ts";

const told = [
  [8, 0.4],
  [16, 0.2],
  [24, 0.3],
];

it("the curve is what the service keeps, and where the training is now", () => {
  expect(points(told, 30, 0.1).map(({ step }) => step)).toEqual([8, 16, 24, 30]);
  expect(points(told, 24, 0.3).map(({ step }) => step)).toEqual([8, 16, 24]);
  expect(
    points(
      [
        [8, Number.NaN],
        [16, 0.2],
      ],
      16,
      null,
    ),
  ).toEqual([{ step: 16, loss: 0.2 }]);
});

it("the mean lies between its neighbours", () => {
  const mean = smooth(points(told, 24, null));

  expect(mean).toHaveLength(3);
  expect(mean[1]?.loss).toBeCloseTo(0.3);
});

it("the lowest is found, and a few stand for all", () => {
  const many = Array.from({ length: 120 }, (_, index) => ({ step: index * 8, loss: 1 / (index + 1) }));

  expect(lowest(points(told, 24, null))).toEqual({ step: 16, loss: 0.2 });
  expect(some(many, 10).map(({ step }) => step)).toEqual(expect.arrayContaining([0, 952]));
  expect(some(many, 10)).toHaveLength(10);
});

it("the axis ends at a round number above all of them", () => {
  expect([0.4, 0.118, 0.031, 3.2].map((loss) => topOf([{ step: 1, loss }]))).toEqual([0.5, 0.15, 0.05, 5]);
});

it("the path stays in its box", () => {
  const all = points(told, 24, null);

  expect(path(all, { width: 100, height: 50, total: 32, top: 0.5 })).toBe("M25.0 10.0L50.0 30.0L75.0 20.0");
});
