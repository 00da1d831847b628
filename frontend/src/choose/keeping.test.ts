import { expect, it } from "vitest";
import { chosen } from "./frames.ts";
import { Keeping, keptSheets, type Note } from "./keeping.ts";
import type { Shelf } from "./shelf.ts";

/** As IndexedDB does, it gives copies; `full`: it takes nothing. */
function shelf(full = false): Shelf {
  const there = new Map<string, unknown>();
  return {
    keys: async () => [...there.keys()],
    read: async (names) => names.map((name) => structuredClone(there.get(name)) as never),
    write: async (entries) => {
      if (full) throw new DOMException("full", "QuotaExceededError");
      for (const [name, value] of entries) there.set(name, structuredClone(value));
    },
    drop: async (names) => {
      for (const name of names) there.delete(name);
    },
  };
}

const NOTE: Note = { jobId: "job", requestKey: "k", cover: "u1", marks: [], leaving: [], at: 1 };
const frame = (key: string) => ({ ...chosen({ name: "a.jpg", size: 3 }, key), picture: "blob:1", error: new Error("x") });
const none = () => {};

it("what is kept of a sheet is read again, without what means something in one window only", async () => {
  const at = shelf();
  const negative = { file: new Blob(["abc"]) };
  await new Keeping("s", at, none).keep([{ frame: frame("f1"), negative }]);
  await new Keeping("s", at, none).note(NOTE);

  const { note, kept } = await new Keeping("s", at, none).read();

  expect(note).toEqual(NOTE);
  expect(kept.map((each) => each.frame)).toEqual([chosen({ name: "a.jpg", size: 3 }, "f1")]);
});

it("sheets do not see each other's pictures, and one is forgotten alone", async () => {
  const at = shelf();
  for (const id of ["s", "t"]) await new Keeping(id, at, none).keep([{ frame: frame(id), negative: {} }]);
  for (const id of ["s", "t"]) await new Keeping(id, at, none).note({ ...NOTE, jobId: id });

  await new Keeping("s", at, none).forget();

  expect((await new Keeping("s", at, none).read()).kept).toEqual([]);
  expect((await new Keeping("t", at, none).read()).kept).toHaveLength(1);
  expect((await keptSheets(at)).map(({ id }) => id)).toEqual(["t"]);
});

it("a browser that keeps nothing is told of, and breaks nothing", async () => {
  let failures = 0;
  const keeping = new Keeping("s", shelf(true), () => failures++);

  await keeping.keep([{ frame: frame("f1"), negative: {} }]);
  await keeping.note(NOTE);

  expect(failures).toBe(2);
});
