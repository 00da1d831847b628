import { expect, it } from "vitest";
import { filesIn, inOrder, isMeant } from "./dropped.ts";

const file = (name: string) => new File(["x"], name);
const dropped = (name: string) => ({ kind: "file", getFile: async () => file(name) }) as never;
const folder = (...items: unknown[]) =>
  ({
    kind: "directory",
    async *getEntries() {
      yield* items;
    },
  }) as never;

it("folders give what is in them and in their folders, in order, without what systems leave there", async () => {
  const files = await filesIn([
    dropped("z.jpg"),
    folder(dropped("IMG_10.jpg"), dropped(".DS_Store"), folder(dropped("IMG_3.jpg")), dropped("IMG_9.jpg")),
  ]);

  expect(files.map(({ name }) => name)).toEqual(["z.jpg", "IMG_3.jpg", "IMG_9.jpg", "IMG_10.jpg"]);
});

it("text that is dragged along is no file", async () => {
  expect(await filesIn([{ kind: "text" } as never])).toEqual([]);
});

it("names are ordered as people count", () => {
  expect(inOrder([file("b10"), file("b9"), file("a")]).map(({ name }) => name)).toEqual(["a", "b9", "b10"]);
});

it("a system's own files are not meant", () => {
  expect(["Thumbs.db", "desktop.ini", "._IMG_1.jpg", "thumbs.jpg"].map((name) => isMeant({ name }))).toEqual([false, false, false, true]);
});
