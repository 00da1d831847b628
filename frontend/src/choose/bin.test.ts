import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Bin, UNDO_MS } from "./bin.ts";
import { chosen, type Frame } from "./frames.ts";
import { SheetStore } from "./sheet.ts";

const frame = (key: string, change: Partial<Frame> = {}): Frame => ({ ...chosen({ name: key, size: 1 }, key), phase: "here", ...change });

function laidOut() {
  const store = new SheetStore({ frames: ["a", "b", "c", "d"].map((key) => frame(key)) });
  const gone: string[] = [];
  const bin = new Bin(store, (frames) => gone.push(...frames.map(({ key }) => key)));
  const keys = () =>
    store
      .sheet()
      .frames.map(({ key }) => key)
      .join("");
  return { store, bin, gone, keys };
}

describe("what was removed", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("can be put back where it was, one after the other", () => {
    const { store, bin, keys } = laidOut();
    bin.put(new Set(["b"]));
    bin.put(new Set(["c"]));
    expect([keys(), store.sheet().removed]).toEqual(["ad", 2]);

    bin.empty();

    expect([keys(), store.sheet().removed]).toEqual(["abcd", 0]);
  });

  it("is gone after some seconds", () => {
    const { store, bin, gone } = laidOut();
    bin.put(new Set(["b"]));

    vi.advanceTimersByTime(UNDO_MS + 1);

    expect([gone, store.sheet().removed]).toEqual([["b"], 0]);
  });

  it("stays while somebody is at the button", () => {
    const { bin, gone } = laidOut();
    bin.put(new Set(["b"]));
    bin.hold(true);
    vi.advanceTimersByTime(10 * UNDO_MS);
    expect(gone).toEqual([]);

    bin.hold(false);
    vi.advanceTimersByTime(UNDO_MS + 1);

    expect(gone).toEqual(["b"]);
  });
});

describe("a sheet", () => {
  it("is settled once nothing is underway, left out or not", async () => {
    const store = new SheetStore({
      opening: false,
      frames: [frame("a", { phase: "sending" }), frame("b", { phase: "waiting", crossed: true })],
    });
    let settled = false;
    const done = store.settled().then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);

    store.change("a", { phase: "stopped" });
    await done;

    expect(settled).toBe(true);
  });

  it("need not be waited for any longer", async () => {
    const store = new SheetStore({ opening: false, frames: [frame("a", { phase: "sending" })] });
    const left = new AbortController();
    const waiting = store.settled(left.signal);

    left.abort(new Error("left"));

    await expect(waiting).rejects.toThrow("left");
  });
});
