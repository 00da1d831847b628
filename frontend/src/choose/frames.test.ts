import { describe, expect, it } from "vitest";
import type { Upload } from "../api/types.ts";
import { chosen, coverOf, developed, type Frame, frameNumber, fromUpload, tally } from "./frames.ts";

function frame(change: Partial<Frame> = {}): Frame {
  return { ...chosen({ name: "IMG_2207.jpg", size: 1000 }, "f1"), ...change };
}

const UPLOAD: Upload = {
  id: "u",
  fileName: "a.png",
  size: 9,
  state: "verified",
  width: 8,
  height: 8,
  url: "/put",
  picture: "/picture",
  caption: "",
  alike: [],
  failure: null,
};

describe("a frame", () => {
  it("is numbered as on film", () => {
    expect([0, 1, 2, 11].map(frameNumber)).toEqual(["1", "2A", "3", "12A"]);
  });

  it("is developed as far as it was sent", () => {
    expect(developed(frame({ phase: "waiting" }))).toBe(0);
    expect(developed(frame({ phase: "sending", sent: 0.62 }))).toBe(0.62);
    expect(developed(frame({ phase: "checking", sent: 1 }))).toBe(1);
  });

  it("comes back from the service as it was left", () => {
    expect(fromUpload(UPLOAD)).toMatchObject({ key: "u", phase: "here", sent: 1, picture: "/picture" });
    expect(fromUpload({ ...UPLOAD, state: "pending", picture: null })).toMatchObject({ phase: "lost" });
  });

  it("that the service refused keeps why", () => {
    const refused = fromUpload({ ...UPLOAD, state: "rejected", failure: { code: "NOT_SAFE", text: "It is not safe.", retryable: false } });

    expect(refused.refusal).toEqual({ code: "rejected", why: "NOT_SAFE", text: "It is not safe." });
  });
});

describe("the cover", () => {
  const frames = [
    frame({ key: "a", phase: "here", crossed: true }),
    frame({ key: "b", phase: "here" }),
    frame({ key: "c", phase: "here" }),
  ];

  it("is the first picture that is kept, until one is chosen", () => {
    expect(coverOf(frames, undefined)?.key).toBe("b");
    expect(coverOf(frames, "c")?.key).toBe("c");
  });

  it("is never one that is left out", () => {
    expect(coverOf(frames, "a")?.key).toBe("b");
  });
});

it("a tally counts what will be learnt from", () => {
  const frames = [
    frame({ phase: "here", size: 10, located: true }),
    frame({ phase: "here", size: 10, crossed: true }),
    frame({ phase: "sending", size: 20 }),
    frame({ phase: "refused", size: 40 }),
    frame({ phase: "stopped", size: 80 }),
    frame({ phase: "over", size: 80 }),
  ];

  expect(tally(frames)).toEqual({ kept: 2, here: 1, underway: 1, stopped: 1, refused: 1, over: 1, crossed: 1, located: 1, bytes: 30 });
});
