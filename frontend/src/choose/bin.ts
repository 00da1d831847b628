/** Removed frames, for as long as they can be put back. */

import type { Frame } from "./frames.ts";
import type { SheetStore } from "./sheet.ts";

export const UNDO_MS = 12_000;

type Removed = { readonly frame: Frame; readonly at: number };

export class Bin {
  readonly #store: SheetStore;
  readonly #discard: (frames: readonly Frame[]) => void;
  #removed: readonly Removed[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `discard` gets what can no longer be put back. */
  constructor(store: SheetStore, discard: (frames: readonly Frame[]) => void) {
    this.#store = store;
    this.#discard = discard;
  }

  frames(): Frame[] {
    return this.#removed.map(({ frame }) => frame);
  }

  put(keys: ReadonlySet<string>): void {
    const gone = this.#store.sheet().frames.flatMap((frame, at) => (keys.has(frame.key) ? [{ frame, at }] : []));
    this.#removed = [...this.#removed, ...gone];
    this.#store.take(keys);
    this.#say();
    this.hold(false);
  }

  /** The time stands still while somebody is at the button. */
  hold(held: boolean): void {
    clearTimeout(this.#timer);
    if (!held && this.#removed.length > 0) this.#timer = setTimeout(() => this.commit(), UNDO_MS);
  }

  /** Puts all of it back where it was; answers what was put back. */
  empty(): Frame[] {
    clearTimeout(this.#timer);
    const frames = [...this.#store.sheet().frames];
    const back = [...this.#removed].reverse();
    for (const { frame, at } of back) frames.splice(at, 0, resting(frame));
    this.#removed = [];
    this.#store.set({ frames });
    this.#say();
    return back.map(({ frame }) => resting(frame));
  }

  commit(): void {
    clearTimeout(this.#timer);
    const frames = this.frames();
    this.#removed = [];
    this.#say();
    if (frames.length > 0) this.#discard(frames);
  }

  #say(): void {
    this.#store.set({ removed: this.#removed.length });
  }
}

/** What was on its way when it was removed waits. */
function resting(frame: Frame): Frame {
  return frame.phase === "sending" || frame.phase === "checking" ? { ...frame, phase: "waiting", sent: 0 } : frame;
}
