import { describe, expect, it } from "vitest";
import { judged, oneSided, remarkOn } from "./coach.ts";
import { chosen, type Frame } from "./frames.ts";
import { FIELDS, type Look } from "./look.ts";

const LIMITS = { minPictures: 5, maxPictures: 20, minSide: 64, goodSide: 512 };

const PRINTS = [
  "00000000000000ff",
  "ffff000000000000",
  "0000ffff00000000",
  "00000000ffff0000",
  "ff00ff00ff00ff00",
  "0f0f0f0f0f0f0f0f",
  "f0f000000f0f0000",
  "123456789abcdef0",
];

type Field = (row: number, column: number) => number;

function look(at: number, inside: Field, border: (at: number) => number, sharpness = 1): Look {
  const colours = Array.from({ length: FIELDS * FIELDS }, (_, field) => {
    const [row, column] = [Math.floor(field / FIELDS), field % FIELDS];
    const edge = row === 0 || column === 0 || column === FIELDS - 1;
    const tone = edge ? border(at) : inside(row, column);
    return [tone, tone, tone];
  });
  return { print: PRINTS[at] ?? "", sharpness, colours: colours.flat() };
}

/** Different inside, in front of different backgrounds. */
const varied = (at: number) =>
  look(
    at,
    (row, column) => ((row * (at + 3) + column * (7 - at)) * 37 * (at + 1)) % 251,
    () => (at * 67) % 251,
  );

function frame(at: number, change: Partial<Frame> = {}): Frame {
  const key = `f${at}`;
  return {
    ...chosen({ name: `${key}.jpg`, size: 9 }, key),
    phase: "here",
    uploadId: `u${at}`,
    width: 1600,
    height: 1200,
    look: varied(at),
    ...change,
  };
}

const set = (count: number, change: (at: number) => Partial<Frame> = () => ({})) =>
  Array.from({ length: count }, (_, at) => frame(at, change(at)));

describe("a frame", () => {
  it("without fault is not spoken of", () => {
    const frames = set(3);

    expect(frames.map((each) => remarkOn(each, frames, LIMITS).warnings)).toEqual([[], [], []]);
  });

  it("is soft or small, or both", () => {
    const soft = frame(0, { look: { ...varied(0), sharpness: 0.02 }, width: 400, height: 900 });

    expect(remarkOn(soft, [soft], LIMITS).warnings).toEqual(["soft", "small"]);
  });

  it("is near to the first that shows nearly the same, by a few bits", () => {
    const frames = [frame(0), frame(1), frame(2, { look: { ...varied(2), print: "00000000000000f1" } })];

    expect(remarkOn(frames[2] as Frame, frames, LIMITS).near?.key).toBe("f0");
    expect(remarkOn(frames[0] as Frame, frames, LIMITS).near).toBeUndefined();
  });

  it("is near where the service says so, though nothing was seen of it here", () => {
    const frames = [frame(0, { look: undefined }), frame(1, { look: undefined, alike: ["u0"] })];

    expect(remarkOn(frames[1] as Frame, frames, LIMITS).near?.key).toBe("f0");
  });

  it("that is left out neither warns nor makes another one a twin", () => {
    const frames = [frame(0, { crossed: true }), frame(1, { look: varied(0) })];

    expect(frames.map((each) => remarkOn(each, frames, LIMITS).warnings)).toEqual([[], []]);
  });
});

describe("a set", () => {
  it("that is varied is not called one-sided", () => {
    expect(oneSided(set(8))).toBeUndefined();
  });

  it("in front of one background is", () => {
    const frames = set(6, (at) => ({
      look: look(
        at,
        (row, column) => (row * (at + 2) * 41 + column * 13 * at) % 251,
        (each) => (each < 5 ? 120 : 10),
      ),
    }));

    expect(oneSided(frames)).toEqual({ code: "background", alike: 5, of: 6 });
  });

  it("from one side is", () => {
    const frames = set(6, (at) => ({
      look: look(
        at,
        (row, column) => row * 30 + column * 5 + at,
        (each) => each * 40,
      ),
    }));

    expect(oneSided(frames)?.code).toBe("side");
  });

  it("of few pictures cannot be called so", () => {
    expect(
      oneSided(
        set(4, (at) => ({
          look: look(
            at,
            () => 9,
            () => 120,
          ),
        })),
      ),
    ).toBeUndefined();
  });

  it("is too few, good, fair or weak", () => {
    const soft = (at: number) => ({ look: { ...varied(at), sharpness: 0.01 } });

    expect(judged(set(4), LIMITS).grade).toBe("few");
    expect(judged(set(8), LIMITS).grade).toBe("good");
    expect(
      judged(
        set(8, (at) => (at < 2 ? soft(at) : {})),
        LIMITS,
      ),
    ).toMatchObject({ grade: "fair", soft: 2 });
    expect(
      judged(
        set(8, (at) => (at < 4 ? soft(at) : {})),
        LIMITS,
      ).grade,
    ).toBe("weak");
  });

  it("is not judged before all of it was looked at", () => {
    expect(
      judged(
        set(8, (at) => (at === 7 ? { phase: "reading" } : {})),
        LIMITS,
      ),
    ).toMatchObject({ grade: "looking", oneSided: undefined });
  });
});
