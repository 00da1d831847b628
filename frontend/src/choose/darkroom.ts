/** Where the pictures of one sheet are prepared, kept and sent, whatever page is shown meanwhile. */

import { type Beginning, createJob } from "../api/jobs.ts";
import type { JobDetail, Upload } from "../api/types.ts";
import { described } from "../describe/described.ts";
import { Bin } from "./bin.ts";
import { Cover } from "./cover.ts";
import { chosen, type Frame, fromUpload, type Limits, startedAnew, takesPlace } from "./frames.ts";
import { Keeping, type Negative } from "./keeping.ts";
import { Leaver } from "./leaver.ts";
import { captionOf, jobMade, pictureCame, pictureLeft } from "./news.ts";
import type { Crop, Refusal } from "./prepared.ts";
import { Reader } from "./reader.ts";
import { markOf, noteOf, restored, seen } from "./restored.ts";
import { Sender } from "./sender.ts";
import { SheetStore } from "./sheet.ts";
import type { Shelf } from "./shelf.ts";

export type Opening = { readonly limits: Limits; readonly words: Beginning; readonly shelf: Shelf; readonly job?: JobDetail };

export class Darkroom {
  readonly #words: Beginning;
  readonly #store: SheetStore;
  readonly #negatives = new Map<string, Negative>();
  readonly #reader: Reader;
  readonly #sender: Sender;
  readonly #bin: Bin;
  readonly #cover: Cover;
  readonly #opened: Promise<void>;
  #leaver = new Leaver([], () => {});
  #keeping: Keeping | undefined;
  #requestKey: string = crypto.randomUUID();
  #job: Promise<string> | undefined;

  /** `id` comes with the name under which this machine keeps the sheet. */
  constructor({ limits, words, shelf, job }: Opening, id: Promise<string>) {
    this.#words = words;
    this.#store = new SheetStore({ jobId: job?.id, frames: job?.uploads.map(fromUpload) ?? [] });
    this.#reader = new Reader(this.#store, this.#negatives, limits, (frame) => this.#read(frame));
    this.#sender = new Sender({
      store: this.#store,
      most: limits.maxPictures,
      file: (key) => this.#negatives.get(key)?.file,
      jobId: () => this.#jobId(),
      makeRoom: (places) => this.#makeRoom(places, limits.maxPictures),
      arrived: (frame, upload) => this.#arrived(frame, upload),
      removed: (key) => this.#store.take(new Set([key])),
    });
    this.#bin = new Bin(this.#store, (frames) => this.#discard(frames));
    if (job) this.#job = Promise.resolve(job.id);
    this.#cover = new Cover(this.#store, job?.cover ?? "");
    this.#opened = id.then((name) => this.#open(name, shelf, job));
  }

  readonly sheet = () => this.#store.sheet();
  readonly watch = (watcher: () => void): (() => void) => this.#store.watch(watcher);
  readonly settled = (signal?: AbortSignal): Promise<void> => this.#store.settled(signal);
  /** All of a picture, cropped or not, in the best copy that is at hand. */
  readonly whole = (key: string): Promise<Blob> => this.#reader.whole(key);
  readonly hold = (held: boolean): void => this.#bin.hold(held);

  /** Files are prepared and sent as they come. */
  async add(files: readonly File[]): Promise<void> {
    await this.#opened;
    const frames = files.map((file) => chosen(file, crypto.randomUUID()));
    frames.forEach(({ key }, at) => {
      this.#negatives.set(key, { source: files[at] as File });
    });
    this.#store.set({ frames: [...this.#store.sheet().frames, ...frames] });
    this.#keep(frames);
    this.#note();
    await Promise.all(frames.map(({ key }) => this.#reader.read(key)));
  }

  /** The designer's cross: such a picture is left out when the sheet is developed. */
  cross(keys: ReadonlySet<string>): void {
    this.#store.set({ frames: this.#store.sheet().frames.map((frame) => ({ ...frame, crossed: keys.has(frame.key) })) });
    this.#note();
    this.#sender.go();
  }

  toggle(key: string): void {
    this.cross(new Set(this.sheet().frames.flatMap((frame) => (frame.crossed !== (frame.key === key) ? frame.key : []))));
  }

  circle(key: string): void {
    this.#cover.circle(key);
    this.#note();
  }

  remove(keys: ReadonlySet<string>): void {
    for (const key of keys) this.#sender.leave(key);
    this.#keeping?.drop([...keys]);
    this.#bin.put(keys);
    this.#note();
    for (const frame of this.#store.sheet().frames) {
      if (frame.twin && keys.has(frame.twin)) this.#store.change(frame.key, { twin: undefined, phase: "waiting" });
    }
    this.#sender.go();
  }

  putBack(): void {
    const frames = this.#bin.empty();
    this.#keep(frames);
    this.#note();
    this.#sender.go();
  }

  /** As much of the picture as was chosen; without a crop, all of it again. It is a new upload, which keeps its caption. */
  async crop(key: string, crop: Crop | undefined): Promise<Refusal | undefined> {
    const frame = this.#store.frame(key);
    const caption = captionOf(this.#store.sheet().jobId, frame?.uploadId);
    this.#sender.leave(key);
    const refused = await this.#reader.crop(key, crop, { uploadId: undefined, url: undefined, alike: [], caption });
    if (!refused && frame?.uploadId) this.#leaver.add([frame.uploadId]);
    this.#flush();
    return refused;
  }

  /** Tries again what stopped, and what waits without waiting any longer. */
  again(): void {
    const frames = this.#store.sheet().frames.map(startedAnew);
    this.#store.set({ error: undefined, frames });
    this.#sender.now();
  }

  /** Takes out at the service what will not be learnt from. Throws why that did not work; it may be called again. */
  async leaveOut(): Promise<void> {
    this.#bin.commit();
    const { frames, jobId } = this.#store.sheet();
    this.#withdraw(frames.filter((frame) => frame.crossed || frame.phase === "lost" || frame.phase === "stopped"));
    await this.#leaver.flush(jobId);
    await this.#cover.tell();
  }

  /** Nothing is kept of it any longer. */
  async close(): Promise<void> {
    this.#sender.close();
    await this.#keeping?.forget();
  }

  async #open(id: string, shelf: Shelf, job: JobDetail | undefined): Promise<void> {
    this.#keeping = new Keeping(id, shelf, () => this.#store.set({ keeping: "window" }));
    const { note, kept } = await this.#keeping.read();
    this.#requestKey = note?.requestKey ?? this.#requestKey;
    this.#leaver = new Leaver(note?.leaving ?? [], (gone) => this.#left(gone));
    const { frames, negatives, done } = restored(job?.uploads ?? [], kept, note);
    for (const [key, { negative }] of negatives) this.#negatives.set(key, negative);
    const circled = note ? note.cover : job?.cover;
    const cover = frames.find((frame) => markOf(frame) === circled)?.key;
    this.#store.set({ frames: frames.map((frame) => seen(frame, this.#negatives.get(frame.key))), cover, opening: false });
    if (done.length > 0) this.#keeping.drop(done);
    this.#goOn();
  }

  async #goOn(): Promise<void> {
    this.#flush();
    this.#sender.go();
    for (const { key, phase, look } of this.#store.sheet().frames) {
      if (phase === "reading") this.#reader.read(key);
      if (phase === "here" && !look) await this.#reader.look(key);
    }
  }

  /** A file can be sent, or not at all. One that was announced from elsewhere under its name is not waited for any longer. */
  #read(frame: Frame): void {
    const lost = this.#store.sheet().frames.find(({ phase, fileName }) => phase === "lost" && fileName === frame.fileName);
    if (lost) this.#store.take(new Set([lost.key]));
    if (lost?.uploadId) this.#leaver.add([lost.uploadId]);
    this.#keep([frame]);
    this.#sender.go();
  }

  #arrived(frame: Frame, upload: Upload): void {
    const { phase, refusal } = fromUpload(upload);
    const size = phase === "here" ? { width: upload.width, height: upload.height } : {};
    const there = { phase, refusal, ...size, sent: 1, tries: 0, error: undefined, uploadId: upload.id, url: upload.url };
    this.#store.change(frame.key, there);
    this.#note();
    pictureCame(this.sheet().jobId, upload, frame.caption);
    if (frame.key === this.sheet().cover) this.#cover.tellSoon();
    if (frame.crop) this.#keep([{ ...frame, ...there }]);
    else this.#keeping?.drop([frame.key]);
  }

  /** What can no longer be put back. */
  #discard(frames: readonly Frame[]): void {
    this.#leaver.add(frames.flatMap(({ uploadId }) => uploadId ?? []));
    for (const { key, picture } of frames) {
      this.#negatives.delete(key);
      if (picture?.startsWith("blob:")) URL.revokeObjectURL(picture);
    }
    this.#flush();
    this.#sender.go();
  }

  /** Of what is left out, as many as new ones need places; and what was removed. */
  async #makeRoom(places: number, most: number): Promise<void> {
    const taken = this.#store.sheet().frames.filter(takesPlace);
    const missing = taken.length + this.#bin.frames().filter(takesPlace).length + places - most;
    const crossed = taken.filter((frame) => frame.crossed).slice(0, Math.max(0, missing));
    this.#withdraw(crossed);
    await this.#leaver.flush(await this.#jobId());
  }

  /** They stay on the sheet, and can be sent again while this window has them. */
  #withdraw(frames: readonly Frame[]): void {
    this.#leaver.add(frames.flatMap(({ uploadId }) => uploadId ?? []));
    for (const { key } of frames) {
      const phase = this.#negatives.get(key)?.file ? "waiting" : "lost";
      this.#store.change(key, { uploadId: undefined, url: undefined, sent: 0, phase });
    }
  }

  #left(uploadId: string | undefined): void {
    if (uploadId) pictureLeft(this.sheet().jobId, uploadId);
    this.#note();
  }

  /** What cannot be removed now is tried again with the next change, and when the sheet is developed at the latest. */
  #flush(): void {
    this.#leaver.flush(this.#store.sheet().jobId).catch(() => {});
  }

  #keep(frames: readonly Frame[]): void {
    this.#keeping?.keep(frames.map((frame) => ({ frame, negative: this.#negatives.get(frame.key) ?? {} })));
  }

  #note(): void {
    const leaving = [...this.#leaver.list(), ...this.#bin.frames().flatMap(({ uploadId }) => uploadId ?? [])];
    this.#keeping?.note(noteOf(this.sheet(), this.#requestKey, leaving));
  }

  #jobId(): Promise<string> {
    this.#job ??= this.#made().catch((error: unknown) => {
      this.#job = undefined;
      throw error;
    });
    return this.#job;
  }

  async #made(): Promise<string> {
    const job = await createJob({ ...this.#words, ...described(this.#words) }, this.#requestKey);
    jobMade(job);
    this.#store.set({ jobId: job.id });
    this.#note();
    return job.id;
  }
}
