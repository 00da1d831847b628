import { expect, it } from "vitest";
import { kept } from "./kept.ts";

const only = (text: string) => kept([text])[0];

it("what stays is recognised, with its places and for how long", () => {
  expect(only("copies of deleted objects, from which Cloud Storage can restore them (gs://uploads, gs://models): 7 days")).toMatchObject({
    name: "copies",
    where: ["gs://uploads", "gs://models"],
    term: { of: "days", count: 7 },
  });
  expect(only("backups of the documents (firestore:main): 98 days at most")).toMatchObject({
    name: "backups",
    where: ["firestore:main"],
    term: { of: "atMost", count: 98 },
  });
  expect(only("answers to requests with an Idempotency-Key (firestore:requests): 24 hours")?.term).toEqual({ of: "hours", count: 24 });
  expect(only("firestore:usage/ab-2026-11-23: what you used today, for its limits; deleted in two days")).toMatchObject({
    name: "usage",
    where: ["firestore:usage/ab-2026-11-23"],
    term: { of: "days", count: 2 },
  });
});

it("what has no end of its own says what ends it", () => {
  expect(only("the job, its pictures and its history: until you delete the job")?.term).toEqual({ of: "job" });
  expect(only("names and parameters of training runs in Vertex AI's metadata: until an operator deletes them")?.term).toEqual({
    of: "operator",
  });
  expect(only("this receipt (firestore:erasures/4kx2)")).toMatchObject({ name: "receipt", term: { of: "lasting" } });
});

it("what is newer than this page is kept as the service says it", () => {
  expect(only("a thing that nobody knew")).toEqual({ name: null, where: [], term: { of: "lasting" }, text: "a thing that nobody knew" });
});
