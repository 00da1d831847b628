import { expect, it } from "vitest";
import { added, all, changed, marked, type Pages, underway, without } from "./lists.ts";
import { arrived, keyOf, missing, type Picture, placeOf, printsOf } from "./prints.ts";
import { inColumns, stepFrom } from "./roving.ts";
import { columnsIn, daysAgo, rowsOf, rowWith, tileSide, verticalStep } from "./rows.ts";
import { generation } from "./samples.test-data.ts";

const [A, B] = ["1c4y8dn2w6r9k3q7x5tz0mhvbs", "2d7z5fp9e3s6m1w4k8qx0thvcr"];
const pages = (...made: ReturnType<typeof generation>[]): Pages => ({
  pages: [{ generations: made, nextCursor: null }],
  pageParams: [null],
});

it("names a print so that it can be found again", () => {
  const made = generation();
  const third = made.pictures[2] as Picture;

  expect(placeOf(keyOf(made, third))).toEqual({ id: made.id, number: 2 });
  expect(placeOf("nonsense")).toBeUndefined();
});

it("says of each print that is not there why", () => {
  const drawing = printsOf(generation({}, 1)).map(missing);
  const waiting = printsOf(generation({ state: "waiting" }, 0)).map(missing);
  const failed = printsOf(generation({ state: "failed" }, 2)).map(missing);

  expect(drawing).toEqual([undefined, "developing", "waiting", "waiting"]);
  expect(waiting[0]).toBe("waiting");
  expect(failed).toEqual([undefined, undefined, "undrawn", "undrawn"]);
});

it("goes on after one that was held back, and counts it as arrived", () => {
  const made = generation({}, 2);
  const held = {
    ...made,
    pictures: made.pictures.map((picture) => (picture.number === 1 ? { ...picture, url: null, blocked: true } : picture)),
  };

  expect(printsOf(held).map(missing)).toEqual([undefined, "blocked", "developing", "waiting"]);
  expect(arrived(held)).toBe(2);
});

it("puts a new order in front once, however often it is told of", () => {
  const once = added(pages(generation({ id: A })), generation({ id: B }, 0));
  const twice = added(once, generation({ id: B }, 1));

  expect(all(twice).map((made) => made.id)).toEqual([B, A]);
  expect(underway(twice)).toEqual([B]);
});

it("marks one print and leaves lists that do not have it alone", () => {
  const there = pages(generation({ id: A }));

  const after = changed(there, A, (made) => marked(made, 2, true));

  expect(all(after)[0]?.pictures.map((picture) => picture.favourite)).toEqual([false, false, true, false]);
  expect(changed(there, B, (made) => marked(made, 0, true))).toBe(there);
});

it("forgets what was deleted", () => {
  expect(all(without(pages(generation({ id: A }), generation({ id: B })), A)).map((made) => made.id)).toEqual([B]);
});

it("lays prints out by day, as many a row as fit", () => {
  const prints = [
    ...printsOf(generation({ id: A, created: "2026-03-02T12:00:00Z" })),
    ...printsOf(generation({ id: B, created: "2026-03-01T12:00:00Z" })),
  ];

  const rows = rowsOf(prints, 3);

  expect(rows.map((row) => row.day ?? row.prints.length)).toEqual(["2026-03-02", 3, 1, "2026-03-01", 3, 1]);
  expect(rowWith(rows, `${B}.3`)).toBe(5);
});

it("steps up and down over the name of a day, to the last print where a row is short", () => {
  const prints = [
    ...printsOf(generation({ id: A, created: "2026-03-02T12:00:00Z" })),
    ...printsOf(generation({ id: B, created: "2026-03-01T12:00:00Z" })),
  ];
  const rows = rowsOf(prints, 3);

  expect(verticalStep(rows, `${A}.2`, true)).toBe(`${A}.3`);
  expect(verticalStep(rows, `${A}.3`, true)).toBe(`${B}.0`);
  expect(verticalStep(rows, `${B}.1`, false)).toBe(`${A}.3`);
  expect(verticalStep(rows, `${A}.0`, false)).toBeUndefined();
});

it("leads arrow keys through a grid and no further", () => {
  const keys = ["a", "b", "c", "d", "e"];
  const step = (from: string, arrow: string) =>
    stepFrom(
      from,
      arrow,
      keys,
      inColumns(keys, () => 2),
    );

  expect([step("a", "ArrowRight"), step("a", "ArrowDown"), step("d", "ArrowUp"), step("c", "End")]).toEqual(["b", "c", "b", "e"]);
  expect([step("a", "ArrowLeft"), step("e", "ArrowDown"), step("a", "x")]).toEqual([undefined, undefined, undefined]);
});

it("fits three on a phone and more on a desk, and fills the width", () => {
  const [phone, desk] = [columnsIn(358), columnsIn(1200)];

  expect([phone, desk]).toEqual([3, 6]);
  expect(tileSide(1200, desk) * desk + 12 * (desk - 1)).toBeCloseTo(1200);
});

it("counts days and not hours", () => {
  expect(daysAgo("2026-03-01", new Date(2026, 2, 2, 0, 5))).toBe(1);
});
