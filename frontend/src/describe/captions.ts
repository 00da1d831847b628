/** The captions of one sheet, each saved by itself: one that fails holds up none of the others. */

import { captionUpload } from "../api/captions.ts";
import type { JobDetail, Upload } from "../api/types.ts";
import { Copy } from "./copies.ts";
import { Saver, type Saving } from "./saver.ts";

export const MOST_LETTERS = 500;

export type Caption = { readonly text: string; readonly saving: Saving; readonly error: unknown };
export type Captions = Readonly<Record<string, Caption>>;

type Typed = Readonly<Record<string, string>>;

const EMPTY: Caption = { text: "", saving: "saved", error: undefined };

export class CaptionBook {
  readonly #id: string;
  readonly #copy: Copy<Typed>;
  readonly #told: (upload: Upload) => void;
  readonly #savers = new Map<string, Saver>();
  readonly #watchers = new Set<() => void>();
  /** As the service has them. */
  #kept: Typed = {};
  #captions: Captions = {};

  constructor(job: JobDetail, told: (upload: Upload) => void, copy = new Copy<Typed>(`captions of ${job.id}`)) {
    this.#id = job.id;
    this.#told = told;
    this.#copy = copy;
    this.seen(job);
    const there = new Set(job.uploads.map((upload) => upload.id));
    for (const [id, text] of Object.entries(copy.read() ?? {})) if (there.has(id)) this.write(id, text);
  }

  readonly captions = (): Captions => this.#captions;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  of(id: string): Caption {
    return this.#captions[id] ?? EMPTY;
  }

  write(id: string, text: string): void {
    this.#set(id, { text: text.slice(0, MOST_LETTERS) });
    this.#keepHere();
    this.#saver(id).soon();
  }

  again(id: string): void {
    this.#saver(id)
      .now()
      .catch(() => {});
  }

  /** What the service has now; a caption that is being changed here stays as it is on the page. */
  seen(job: JobDetail): void {
    for (const { id, caption } of job.uploads) {
      const mine = this.of(id);
      if (mine.text === (this.#kept[id] ?? "") && mine.text.trim() !== caption) this.#set(id, { text: caption });
      this.#kept = { ...this.#kept, [id]: caption };
    }
  }

  /** When the service has every one; throws why it has not. */
  async settled(): Promise<void> {
    await Promise.all(this.#unsaved().map((id) => this.#saver(id).now()));
  }

  #saver(id: string): Saver {
    const saver =
      this.#savers.get(id) ??
      new Saver(
        () => this.#send(id),
        (saving, error) => this.#set(id, { saving, error }),
      );
    this.#savers.set(id, saver);
    return saver;
  }

  async #send(id: string): Promise<void> {
    const { text } = this.of(id);
    if (text === (this.#kept[id] ?? "")) return;
    const upload = await captionUpload(this.#id, id, text);
    this.#kept = { ...this.#kept, [id]: text };
    this.#keepHere();
    this.#told(upload);
  }

  #unsaved(): string[] {
    return Object.keys(this.#captions).filter((id) => this.of(id).text !== (this.#kept[id] ?? ""));
  }

  #keepHere(): void {
    const typed = Object.fromEntries(this.#unsaved().map((id) => [id, this.of(id).text]));
    if (Object.keys(typed).length > 0) this.#copy.write(typed);
    else this.#copy.drop();
  }

  #set(id: string, change: Partial<Caption>): void {
    this.#captions = { ...this.#captions, [id]: { ...this.of(id), ...change } };
    for (const watcher of this.#watchers) watcher();
  }
}

const books = new Map<string, CaptionBook>();

export function captionsOf(job: JobDetail, told: (upload: Upload) => void): CaptionBook {
  const book = books.get(job.id) ?? new CaptionBook(job, told);
  books.set(job.id, book);
  return book;
}
