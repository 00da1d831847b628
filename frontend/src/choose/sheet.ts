/** What is on the light table now; whoever draws it watches. What happens to single pictures by itself is told a few times a second, so that
 * twenty of them on their way leave the page free for who types. */

import { type Frame, isUnderway } from "./frames.ts";

export type Sheet = {
  readonly jobId: string | undefined;
  readonly frames: readonly Frame[];
  /** The key of the frame that was chosen as the cover. */
  readonly cover: string | undefined;
  /** Why nothing can be sent at all. */
  readonly error: unknown;
  /** Whether this machine keeps what was not sent yet, or this window only. */
  readonly keeping: "kept" | "window";
  /** How many were removed a moment ago, and can be put back. */
  readonly removed: number;
  /** Whether what this machine has kept is still being fetched. */
  readonly opening: boolean;
};

const EMPTY: Sheet = {
  jobId: undefined,
  frames: [],
  cover: undefined,
  error: undefined,
  keeping: "kept",
  removed: 0,
  opening: true,
};

const TOLD_EVERY_MS = 80;

export class SheetStore {
  #sheet: Sheet;
  #telling: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(sheet: Partial<Sheet>) {
    this.#sheet = { ...EMPTY, ...sheet };
  }

  readonly sheet = (): Sheet => this.#sheet;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  frame(key: string): Frame | undefined {
    return this.#sheet.frames.find((frame) => frame.key === key);
  }

  set(change: Partial<Sheet>): void {
    this.#sheet = { ...this.#sheet, ...change };
    this.#tell();
  }

  change(key: string, change: Partial<Frame>): void {
    const frames = this.#sheet.frames.map((frame) => (frame.key === key ? { ...frame, ...change } : frame));
    this.#sheet = { ...this.#sheet, frames };
    this.#telling ??= setTimeout(() => this.#tell(), TOLD_EVERY_MS);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    for (const watcher of this.#watchers) watcher();
  }

  take(keys: ReadonlySet<string>): void {
    this.set({ frames: this.#sheet.frames.filter((frame) => !keys.has(frame.key)) });
  }

  /** When no picture is on its way any more; rejects once `signal` says so. */
  settled(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#sheet.opening || this.#sheet.frames.some((frame) => !frame.crossed && isUnderway(frame))) return;
        unwatch();
        resolve();
      };
      const unwatch = this.watch(look);
      signal?.addEventListener("abort", () => {
        unwatch();
        reject(signal.reason);
      });
      look();
    });
  }
}
