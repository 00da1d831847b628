import { expect, it } from "vitest";
import { grouped, pictures } from "./removed.ts";

const REMOVED = [
  "firestore:jobs/06fm",
  "gs://uploads/raw/06fm/u1",
  "gs://uploads/clean/06fm/u1.png",
  "gs://uploads/raw/06fm/u2",
  "gs://models/runs/06fm/a1/model/unet/model.safetensors",
  "gs://models/generations/06fm/g1-0.png",
  "projects/1/locations/europe-west4/models/77",
  "firestore:uploads/06fm__u1",
];

it("what was removed is sorted into what a designer knows", () => {
  const found = grouped(REMOVED);

  expect(found.map(({ name, names }) => [name, names.length])).toEqual([
    ["pictures", 3],
    ["prints", 1],
    ["training", 1],
    ["vertex", 1],
    ["documents", 2],
  ]);
});

it("a name that stands for many leaves its group open", () => {
  const [group] = grouped(["gs://models/generations/06fm/*"]);

  expect(group).toMatchObject({ name: "prints", open: true });
});

it("what nobody knows yet is not left out", () => {
  expect(grouped(["bigquery:table"])).toEqual([{ name: "other", names: ["bigquery:table"], open: false }]);
  expect(grouped([])).toEqual([]);
});

it("a picture that is stored twice is one picture", () => {
  expect(pictures(REMOVED.slice(1, 4))).toBe(2);
});
