/** Sends what is typed a moment after the last letter, one request at a time, and again by itself when the line was broken or the session was over. */

import { ApiError } from "../api/problems.ts";
import { session, watchSession } from "../api/session.ts";

/** waiting: typed, and not sent yet. */
export type Saving = "saved" | "waiting" | "saving" | "failed";

const PAUSE_MS = 700;
const AGAIN_MS = [3_000, 8_000, 20_000, 45_000];

export class Saver {
  readonly #send: () => Promise<void>;
  readonly #told: (state: Saving, error?: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #unwatch: () => void = () => {};

  /** `send` sends all there is to send; `told` hears how it goes. */
  constructor(send: () => Promise<void>, told: (state: Saving, error?: unknown) => void) {
    this.#send = send;
    this.#told = told;
  }

  soon(): void {
    this.#told("waiting");
    this.#in(PAUSE_MS);
  }

  /** Sends it now, after what is on its way; throws what this try throws. */
  now(): Promise<void> {
    this.#calm();
    this.#running = this.#running.catch(() => {}).then(() => this.#try());
    return this.#running;
  }

  async #try(): Promise<void> {
    this.#told("saving");
    try {
      await this.#send();
      this.#failures = 0;
      // what was typed meanwhile has a timer of its own
      this.#told(this.#timer ? "waiting" : "saved");
    } catch (error) {
      this.#told("failed", error);
      this.#later(error);
      throw error;
    }
  }

  #later(error: unknown): void {
    if (!(error instanceof ApiError)) return;
    if (error.code === "NOT_SIGNED_IN") this.#unwatch = watchSession(() => session() === "known" && this.#in(0));
    if (!error.retryable) return;
    this.#in(AGAIN_MS[Math.min(this.#failures++, AGAIN_MS.length - 1)] ?? 0);
    globalThis.addEventListener?.("online", this.#online, { once: true });
  }

  readonly #online = (): void => this.#in(0);

  #in(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now().catch(() => {}), pause);
  }

  #calm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    globalThis.removeEventListener?.("online", this.#online);
    this.#unwatch();
  }
}
