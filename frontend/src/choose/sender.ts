/** Gets the prepared pictures of one sheet to the service over a line that may break, three at once, for as long as it takes. */

import { codeOf } from "../api/problems.ts";
import { session, watchSession } from "../api/session.ts";
import type { Upload } from "../api/types.ts";
import { putPicture, readUpload, registerUploads } from "../api/uploads.ts";
import { alone } from "./alone.ts";
import { type Frame, fromUpload } from "./frames.ts";
import { pauseMs, verdict } from "./patience.ts";
import type { SheetStore } from "./sheet.ts";

const AT_ONCE = 3;
/** How often to ask whether another window is done with a picture. */
const ELSEWHERE_MS = 2000;

export type Desk = {
  readonly store: SheetStore;
  readonly most: number;
  /** The bytes of a frame. */
  file(key: string): Blob | undefined;
  /** The job, made now if there is none. */
  jobId(): Promise<string>;
  /** Takes out at the service what was removed here; what is crossed, too, for as many as must make way. */
  makeRoom(places: number): Promise<void>;
  arrived(frame: Frame, upload: Upload): void;
  removed(key: string): void;
};

export class Sender {
  readonly #desk: Desk;
  readonly #going = new Map<string, AbortController>();
  /** When each that failed is tried again. */
  readonly #due = new Map<string, number>();
  #announcing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #unwatch: () => void;

  constructor(desk: Desk) {
    this.#desk = desk;
    const online = () => this.now();
    addEventListener("online", online);
    const unwatch = watchSession(() => session() === "known" && this.now());
    this.#unwatch = () => {
      removeEventListener("online", online);
      unwatch();
    };
  }

  /** Whatever can go on goes on: to be called whenever something has changed. */
  go(): void {
    this.#announce();
    for (const frame of this.#ready().filter((each) => each.url)) {
      if (this.#going.size >= AT_ONCE) break;
      this.#send(frame);
    }
    this.#later();
  }

  /** Without waiting any longer for what failed. */
  now(): void {
    this.#due.clear();
    this.go();
  }

  leave(key: string): void {
    this.#going.get(key)?.abort();
    this.#due.delete(key);
  }

  close(): void {
    this.#unwatch();
    clearTimeout(this.#timer);
    for (const going of this.#going.values()) going.abort();
  }

  #ready(): Frame[] {
    const now = Date.now();
    return this.#waiting().filter(({ key }) => !this.#going.has(key) && (this.#due.get(key) ?? 0) <= now);
  }

  #waiting(): Frame[] {
    const { frames } = this.#desk.store.sheet();
    return frames.filter(({ key, phase, crossed }) => (phase === "waiting" || phase === "over") && !crossed && this.#desk.file(key));
  }

  async #announce(): Promise<void> {
    const admitted = this.#admitted();
    const unannounced = this.#ready().filter((frame) => !frame.url);
    for (const { key, phase } of unannounced) {
      if (!admitted.has(key) && phase !== "over") this.#desk.store.change(key, { phase: "over" });
    }
    const frames = unannounced.filter(({ key }) => admitted.has(key));
    if (this.#announcing || frames.length === 0) return;
    this.#announcing = true;
    try {
      await this.#desk.makeRoom(frames.length);
      this.#told(frames, await registerUploads(await this.#desk.jobId(), frames.map(announced)));
    } catch (error) {
      for (const { key } of frames) this.#failed(key, error);
      if (verdict(error) === "stopped") this.#desk.store.set({ error });
    } finally {
      this.#announcing = false;
    }
    this.go();
  }

  /** The first of the sheet, as many as fit: those behind them are too many, whichever was ready first. */
  #admitted(): ReadonlySet<string> {
    const live = this.#desk.store.sheet().frames.filter(({ crossed, phase }) => !crossed && phase !== "refused");
    return new Set(live.slice(0, this.#desk.most).map(({ key }) => key));
  }

  #told(frames: readonly Frame[], uploads: readonly Upload[]): void {
    this.#desk.store.set({ error: undefined });
    frames.forEach(({ key }, at) => {
      const upload = uploads[at];
      const frame = this.#desk.store.frame(key);
      if (!upload || !frame) return;
      this.#desk.store.change(key, { phase: "waiting", uploadId: upload.id, url: upload.url });
      if (upload.state === "verified" || upload.state === "rejected") this.#desk.arrived(frame, upload);
    });
  }

  async #send({ key, url = "" }: Frame): Promise<void> {
    const file = this.#desk.file(key);
    if (!file) return;
    const left = new AbortController();
    this.#going.set(key, left);
    try {
      const upload = await alone(`picture ${url}`, () => this.#put(key, url, file, left.signal));
      const frame = this.#desk.store.frame(key);
      if (frame && upload) this.#desk.arrived(frame, upload);
      else if (frame) this.#due.set(key, Date.now() + ELSEWHERE_MS);
    } catch (error) {
      if (!left.signal.aborted) await this.#failed(key, error);
    } finally {
      this.#going.delete(key);
    }
    this.go();
  }

  #put(key: string, url: string, file: Blob, left: AbortSignal): Promise<Upload> {
    const { store } = this.#desk;
    store.change(key, { phase: "sending", sent: 0 });
    return putPicture(url, file, (sent) => store.change(key, { sent, phase: sent < 1 ? "sending" : "checking" }), left);
  }

  async #failed(key: string, error: unknown): Promise<void> {
    const { store } = this.#desk;
    const frame = store.frame(key);
    const found = verdict(error);
    if (!frame) return;
    if (found === "gone") this.#desk.removed(key);
    else if (found === "over") this.#over(key);
    else if (found === "refused") await this.#refused(frame, error);
    else if (found === "stopped") store.change(key, { phase: "stopped", sent: 0, error });
    else {
      store.change(key, { phase: "waiting", sent: 0, tries: frame.tries + 1, error });
      this.#due.set(key, found === "signIn" ? Number.POSITIVE_INFINITY : Date.now() + pauseMs(frame.tries));
    }
  }

  /** The service has more than this window knows of; it is asked again later, as some of that may be on its way out. */
  #over(key: string): void {
    this.#desk.store.change(key, { phase: "over", sent: 0 });
    this.#due.set(key, Date.now() + pauseMs(4));
  }

  /** The answer says it in a sentence; the upload says why. */
  async #refused(frame: Frame, error: unknown): Promise<void> {
    const text = error instanceof Error ? error.message : codeOf(error);
    this.#desk.store.change(frame.key, { phase: "refused", sent: 0, refusal: { code: "rejected", why: "", text } });
    const jobId = this.#desk.store.sheet().jobId;
    const upload = jobId && frame.uploadId ? await readUpload(jobId, frame.uploadId).catch(() => undefined) : undefined;
    if (upload?.state === "rejected") this.#desk.store.change(frame.key, { refusal: fromUpload(upload).refusal });
  }

  /** Wakes up when the next is due. */
  #later(): void {
    clearTimeout(this.#timer);
    const times = this.#waiting().flatMap(({ key }) => this.#due.get(key) ?? []);
    const soonest = Math.min(...times.filter((time) => time > Date.now()));
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.go(), soonest - Date.now() + 5);
  }
}

function announced(frame: Frame) {
  return { fileName: frame.fileName, size: frame.size, crc32c: frame.crc32c ?? "", contentType: frame.type ?? "" };
}
