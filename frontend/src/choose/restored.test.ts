import { describe, expect, it } from "vitest";
import type { Upload } from "../api/types.ts";
import { chosen, type Frame } from "./frames.ts";
import type { Kept, Note } from "./keeping.ts";
import { restored } from "./restored.ts";

const NOTE: Note = { jobId: "job", requestKey: "k", cover: undefined, marks: [], leaving: [], at: 0 };

function upload(id: string, change: Partial<Upload> = {}): Upload {
  const base = { fileName: `${id}.jpg`, size: 9, width: 8, height: 8, url: `/put/${id}`, caption: "", alike: [], failure: null };
  return { id, state: "verified", picture: `/picture/${id}`, ...base, ...change };
}

function kept(key: string, change: Partial<Frame> = {}): Kept {
  const frame = { ...chosen({ name: `${key}.jpg`, size: 9 }, key), phase: "waiting" as const, crc32c: "AAAA", ...change };
  return { frame, negative: { file: new Blob(["bytes"]) } };
}

const mark = (id: string, crossed = false) => ({ id, crossed, look: undefined, located: false });

describe("a sheet that was left", () => {
  it("in mid-upload goes on with the file that this machine has", () => {
    const { frames, negatives } = restored(
      [upload("u1", { state: "pending", picture: null })],
      [kept("f1", { uploadId: "u1", phase: "sending", sent: 0.4 })],
      NOTE,
    );

    expect(frames).toMatchObject([{ key: "f1", uploadId: "u1", phase: "waiting", sent: 0, url: "/put/u1" }]);
    expect(negatives.get("f1")?.negative.file?.size).toBe(5);
  });

  it("before the answer to its announcement knows its upload by name and size", () => {
    const { frames } = restored([upload("u1", { state: "pending", fileName: "f1.jpg" })], [kept("f1")], NOTE);

    expect(frames).toMatchObject([{ key: "f1", uploadId: "u1", phase: "waiting" }]);
  });

  it("before a picture was prepared prepares it again", () => {
    const unread: Kept = { frame: chosen({ name: "a.jpg", size: 9 }, "f1"), negative: { source: new Blob(["raw"]) } };

    expect(restored([], [unread], undefined).frames).toMatchObject([{ key: "f1", phase: "reading" }]);
  });

  it("without a network is all there, though it is no job yet", () => {
    const { frames } = restored([], [kept("f1"), kept("f2")], { ...NOTE, jobId: undefined });

    expect(frames.map(({ key, phase }) => [key, phase])).toEqual([
      ["f1", "waiting"],
      ["f2", "waiting"],
    ]);
  });

  it("keeps nothing of what has arrived meanwhile", () => {
    const { frames, done } = restored(
      [upload("u1")],
      [kept("f1", { uploadId: "u1" }), kept("f9", { uploadId: "gone", phase: "here" })],
      NOTE,
    );

    expect(frames).toMatchObject([{ uploadId: "u1", phase: "here", sent: 1 }]);
    expect(done).toEqual(["f9"]);
  });

  it("on another machine says which pictures are not here", () => {
    expect(restored([upload("u1", { state: "pending", picture: null })], [], undefined).frames).toMatchObject([{ phase: "lost" }]);
  });

  it("shows no picture that was removed, though the service still has it", () => {
    expect(restored([upload("u1"), upload("u2")], [], { ...NOTE, leaving: ["u1"] }).frames.map(({ key }) => key)).toEqual(["u2"]);
  });

  it("has its order and its marks", () => {
    const note = { ...NOTE, marks: [mark("u3"), mark("f1", true), mark("u2")] };
    const { frames } = restored([upload("u2"), upload("u3"), upload("u4")], [kept("f1")], note);

    expect(frames.map(({ key, crossed }) => [key, crossed])).toEqual([
      ["u3", false],
      ["f1", true],
      ["u2", false],
      ["u4", false],
    ]);
  });
});
