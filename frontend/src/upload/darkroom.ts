/** Where the pictures of one draft are looked at and sent, whatever page is shown meanwhile. */

import * as api from "../api/api.ts";
import { ApiError, inWords } from "../api/problems.ts";
import type { JobDetail } from "../api/types.ts";
import { described, written } from "../job/described.ts";
import { chosen, type Frame, fromUpload, judged, type Limits } from "./frames.ts";
import { inspect } from "./inspector.ts";
import { inTurns, sendPatiently } from "./sending.ts";

const AT_ONCE = 3;
const PAUSE_MS = 700;

export type Sheet = {
  readonly jobId: string | undefined;
  readonly description: api.Description;
  readonly frames: readonly Frame[];
  /** Why nothing can be sent at all. */
  readonly trouble: string | undefined;
};

export class Darkroom {
  #sheet: Sheet;
  #job: Promise<string> | undefined;
  readonly #limits: Limits;
  readonly #key = crypto.randomUUID();
  readonly #watchers = new Set<() => void>();
  readonly #sending = new Map<string, AbortController>();
  #last = 0;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(limits: Limits, description: api.Description, job?: JobDetail) {
    this.#limits = limits;
    this.#sheet = { jobId: job?.id, description, frames: job?.uploads.map(fromUpload) ?? [], trouble: undefined };
    if (job) this.#job = Promise.resolve(job.id);
  }

  readonly sheet = (): Sheet => this.#sheet;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** The words are kept by the service a moment after the last letter, if they are words. */
  describe(change: Partial<api.Description>): void {
    this.#set({ description: { ...this.#sheet.description, ...change } });
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), PAUSE_MS);
  }

  async #save(): Promise<void> {
    const [id, words] = [this.#sheet.jobId, described(this.#sheet.description)];
    if (!id || !words) return;
    try {
      await api.changeJob(id, words);
    } catch {
      // a courtesy: the words are sent again when the sheet is developed
    }
  }

  /** Looks at the files, announces those that can be used, and sends them, three at once. */
  async add(files: readonly File[]): Promise<void> {
    const frames = files.map((file) => chosen(file, `f${++this.#last}`));
    this.#set({ frames: [...this.#sheet.frames, ...frames] });
    for (const frame of frames) await this.#look(frame);
    await this.#announce(frames.map((frame) => frame.key));
  }

  /** The designer's cross: such a picture is left out when the sheet is developed. */
  cross(keys: ReadonlySet<string>): void {
    this.#set({ frames: this.#sheet.frames.map((frame) => ({ ...frame, crossed: keys.has(frame.key) })) });
  }

  async remove(key: string): Promise<void> {
    const frame = this.#frame(key);
    this.#sending.get(key)?.abort();
    this.#set({ frames: this.#sheet.frames.filter((each) => each.key !== key) });
    if (frame?.picture?.startsWith("blob:")) URL.revokeObjectURL(frame.picture);
    if (frame?.uploadId && this.#sheet.jobId) await api.removeUpload(this.#sheet.jobId, frame.uploadId);
    await this.#again(this.#sheet.frames.filter((each) => each.twin === key));
  }

  /** Sends again what stopped. */
  async resume(): Promise<void> {
    this.#set({ trouble: undefined });
    await this.#again(this.#sheet.frames.filter((frame) => frame.phase === "stopped" && frame.file));
  }

  async #again(frames: readonly Frame[]): Promise<void> {
    for (const frame of frames) this.#change(frame.key, { phase: "waiting", twin: undefined, sentence: undefined, note: undefined });
    if (frames.length > 0) await this.#announce(frames.map((frame) => frame.key));
  }

  /** Leaves out what is crossed or never came, and starts. */
  async develop(): Promise<JobDetail> {
    const id = await this.#jobId();
    const left = this.#sheet.frames.filter((frame) => frame.crossed || frame.phase === "lost" || frame.phase === "stopped");
    await Promise.all(left.map((frame) => this.remove(frame.key)));
    clearTimeout(this.#saving);
    await api.changeJob(id, described(this.#sheet.description) ?? this.#sheet.description);
    const job = await api.submitJob(id);
    darkrooms.delete(id);
    return job;
  }

  async #look(frame: Frame): Promise<void> {
    const file = frame.file;
    if (!file) return;
    try {
      const seen = await inspect(file);
      const others = this.#sheet.frames.filter((other) => other.key !== frame.key && other.phase !== "lost");
      const forgotten = this.#sheet.frames.find(
        (other) => other.phase === "lost" && other.fileName === file.name && other.size === file.size,
      );
      if (forgotten) this.#set({ frames: this.#sheet.frames.filter((other) => other !== forgotten) });
      const picture = seen.preview ? { picture: URL.createObjectURL(seen.preview) } : {};
      this.#change(frame.key, { ...judged(frame, seen, others, this.#limits), ...picture });
    } catch {
      this.#change(frame.key, {
        phase: "refused",
        note: "unreadable",
        sentence: `${frame.fileName} cannot be opened. Is it still where it was?`,
      });
    }
  }

  async #announce(keys: readonly string[]): Promise<void> {
    const frames = keys.map((key) => this.#frame(key)).filter((frame) => frame?.phase === "waiting") as Frame[];
    const room = await this.#room(frames.length);
    for (const frame of frames.slice(room)) {
      const sentence = `${this.#limits.maxPictures} pictures are the most. Remove another to make room for ${frame.fileName}.`;
      this.#change(frame.key, { phase: "refused", note: "one too many", sentence });
    }
    const fitting = frames.slice(0, room);
    if (fitting.length === 0) return;
    try {
      const id = await this.#jobId();
      const uploads = await api.registerUploads(id, fitting.map(announced));
      fitting.forEach((frame, index) => {
        const upload = uploads[index];
        if (upload) this.#change(frame.key, { uploadId: upload.id, url: upload.url });
      });
      await inTurns(fitting, AT_ONCE, (frame) => this.#send(frame.key));
    } catch (error) {
      for (const frame of fitting) this.#change(frame.key, { phase: "stopped", note: "stopped" });
      this.#set({ trouble: inWords(error) });
    }
  }

  /** For how many more there is room, once crossed ones have made way. */
  async #room(wanted: number): Promise<number> {
    const taken = () => this.#sheet.frames.filter((frame) => frame.uploadId && frame.phase !== "refused");
    const over = taken().length + wanted - this.#limits.maxPictures;
    const crossed = taken().filter((frame) => frame.crossed);
    for (const frame of crossed.slice(0, Math.max(0, over))) await this.remove(frame.key);
    return Math.max(0, this.#limits.maxPictures - taken().length);
  }

  async #send(key: string): Promise<void> {
    const frame = this.#frame(key);
    if (!frame?.file || !frame.url) return;
    const left = new AbortController();
    this.#sending.set(key, left);
    this.#change(key, { phase: "sending", sent: 0 });
    try {
      const upload = await sendPatiently(frame.url, frame.file, (sent) => this.#progress(key, sent), left.signal);
      this.#change(key, {
        phase: "here",
        sent: 1,
        width: upload.width,
        height: upload.height,
        ...(frame.picture ? {} : shown(upload.picture)),
      });
    } catch (error) {
      if (!left.signal.aborted) this.#failed(key, error);
    } finally {
      this.#sending.delete(key);
    }
  }

  #progress(key: string, sent: number): void {
    this.#change(key, { sent, phase: sent < 1 ? "sending" : "checking" });
  }

  #failed(key: string, error: unknown): void {
    const refused = error instanceof ApiError && error.code === "PICTURE_REFUSED";
    const phase = refused ? "refused" : "stopped";
    this.#change(key, { phase, sent: 0, note: phase, sentence: inWords(error) });
  }

  #jobId(): Promise<string> {
    this.#job ??= api.createJob(described(this.#sheet.description) ?? this.#sheet.description, this.#key).then(
      (job) => {
        darkrooms.set(job.id, this);
        this.#set({ jobId: job.id });
        return job.id;
      },
      (error: unknown) => {
        this.#job = undefined;
        throw error;
      },
    );
    return this.#job;
  }

  #frame(key: string): Frame | undefined {
    return this.#sheet.frames.find((frame) => frame.key === key);
  }

  #change(key: string, change: Partial<Frame>): void {
    this.#set({ frames: this.#sheet.frames.map((frame) => (frame.key === key ? { ...frame, ...change } : frame)) });
  }

  #set(change: Partial<Sheet>): void {
    this.#sheet = { ...this.#sheet, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

function announced(frame: Frame): api.Announced {
  return { fileName: frame.fileName, size: frame.size, crc32c: frame.crc32c ?? "", contentType: frame.type ?? "" };
}

function shown(picture: string | null): Partial<Frame> {
  return picture ? { picture } : {};
}

const darkrooms = new Map<string, Darkroom>();
let fresh: Darkroom | undefined;

/** The darkroom of a new sheet; the same one until it has become a job. */
export function newDarkroom(limits: Limits, description: api.Description): Darkroom {
  if (!fresh || fresh.sheet().jobId) fresh = new Darkroom(limits, description);
  return fresh;
}

/** The darkroom of a draft, with what the service knows of it if this page does not. */
export function darkroomOf(job: JobDetail, limits: Limits): Darkroom {
  const there = darkrooms.get(job.id);
  if (there) return there;
  const opened = new Darkroom(limits, written(job), job);
  darkrooms.set(job.id, opened);
  return opened;
}
