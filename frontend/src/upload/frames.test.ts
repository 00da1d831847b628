import { describe, expect, it } from "vitest";
import type { Upload } from "../api/types.ts";
import { chosen, type Frame, fact, frameNumber, fromUpload, judged, tally } from "./frames.ts";
import type { Seen } from "./inspector.ts";
import { kindOf } from "./kinds.ts";

const LIMITS = { maxPictures: 20, minPictures: 5, maxPictureBytes: 25 * 2 ** 20, minSide: 64, goodSide: 512 };
const JPEG = { type: "image/jpeg", name: "a JPEG" };

function frame(change: Partial<Frame> = {}): Frame {
  return { ...chosen({ name: "IMG_2207.jpg", size: 1000 } as File, "f1"), ...change };
}

function seen(change: Partial<Seen> = {}): Seen {
  return { crc32c: "AAAAAA==", kind: JPEG, width: 1600, height: 1200, ...change };
}

const head = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe("a file", () => {
  it("is known by its first bytes, whatever its name", () => {
    expect(kindOf(head("\xff\xd8\xff\xe0")).type).toBe("image/jpeg");
    expect(kindOf(head("\x89PNG\r\n\x1a\n")).type).toBe("image/png");
    expect(kindOf(head("RIFF....WEBPVP8 ")).type).toBe("image/webp");
    expect(kindOf(head("%PDF-1.7"))).toEqual({ type: "", name: "a PDF" });
    expect(kindOf(head("\0\0\0\x18ftypheic"))).toEqual({ type: "", name: "a HEIC photo" });
    expect(kindOf(head(" <svg>"))).toEqual({ type: "", name: "an SVG drawing" });
    expect(kindOf(head(""))).toEqual({ type: "", name: "" });
  });

  it("that is no picture is refused with what it is", () => {
    const refused = judged(frame(), seen({ kind: { type: "", name: "a PDF" } }), [], LIMITS);

    expect(refused.phase).toBe("refused");
    expect(refused.sentence).toBe("IMG_2207.jpg is not a picture we can read (it is a PDF). Export it as JPEG, PNG or WebP.");
  });

  it("that is too large or too small is refused", () => {
    expect(judged(frame({ size: 26 * 2 ** 20 }), seen(), [], LIMITS).note).toBe("too large");
    expect(judged(frame(), seen({ width: 400, height: 63 }), [], LIMITS).note).toBe("too small");
  });

  it("that is on the sheet already is its twin's twin, wherever that one moves", () => {
    const first = frame({ key: "f0", phase: "here", crc32c: "AAAAAA==" });
    const other = frame({ key: "f9", phase: "here", crc32c: "BBBBBB==" });
    const twin = judged(frame(), seen(), [other, first], LIMITS);

    expect(fact(twin, [other, first, twin], LIMITS)).toBe("twin of 2A");
    expect(fact(twin, [first, twin], LIMITS)).toBe("twin of 1");
  });

  it("that the browser cannot measure is left to the service", () => {
    expect(judged(frame(), seen({ width: 0, height: 0 }), [], LIMITS).phase).toBe("waiting");
  });
});

describe("a frame", () => {
  it("says one fact", () => {
    expect(fact(frame({ phase: "sending", sent: 0.624 }), [], LIMITS)).toBe("62 %");
    expect(fact(frame({ phase: "here", width: 1600, height: 1200 }), [], LIMITS)).toBe("1600×1200");
    expect(fact(frame({ phase: "here", width: 400, height: 300 }), [], LIMITS)).toBe("small");
    expect(fact(frame({ phase: "here", crossed: true }), [], LIMITS)).toBe("left out");
  });

  it("is numbered as on film", () => {
    expect([0, 1, 2, 11].map(frameNumber)).toEqual(["1", "2A", "3", "12A"]);
  });

  it("comes back from the service as it was left", () => {
    const upload: Upload = {
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

    expect(fromUpload(upload)).toMatchObject({ phase: "here", sent: 1, picture: "/picture" });
    expect(fromUpload({ ...upload, state: "pending", picture: null })).toMatchObject({ phase: "lost" });
    expect(fromUpload({ ...upload, state: "rejected", failure: { code: "X", text: "It is a PDF.", retryable: false } }).sentence).toBe(
      "It is a PDF.",
    );
  });
});

it("a tally counts what will be learnt from", () => {
  const frames = [
    frame({ phase: "here", size: 10 }),
    frame({ phase: "here", size: 10, crossed: true }),
    frame({ phase: "sending", size: 20 }),
    frame({ phase: "refused", size: 40 }),
    frame({ phase: "stopped", size: 80 }),
  ];

  expect(tally(frames)).toEqual({ kept: 2, here: 1, underway: 1, stopped: 1, refused: 1, bytes: 110 });
});
