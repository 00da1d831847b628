/** Turns files into frames that can be sent: whole ones as they are added, parts of them as they are cropped. */

import { type Frame, type Limits, shownAt } from "./frames.ts";
import type { Negative } from "./keeping.ts";
import type { Crop, Prepared, Refusal } from "./prepared.ts";
import { prepare } from "./preparing.ts";
import type { SheetStore } from "./sheet.ts";

export class Reader {
  readonly #store: SheetStore;
  readonly #negatives: Map<string, Negative>;
  readonly #limits: Limits;
  readonly #read: (frame: Frame) => void;

  /** `read` hears of each frame that is ready to be sent, or cannot be used. */
  constructor(store: SheetStore, negatives: Map<string, Negative>, limits: Limits, read: (frame: Frame) => void) {
    this.#store = store;
    this.#negatives = negatives;
    this.#limits = limits;
    this.#read = read;
  }

  async read(key: string): Promise<void> {
    const source = this.#negatives.get(key)?.source;
    if (!source) return;
    const answer = await prepare({ blob: source, least: this.#limits.minSide });
    if (!this.#negatives.has(key)) return;
    if ("prepared" in answer) this.#prepared(key, answer.prepared);
    else this.#told(key, { phase: "refused", refusal: answer.refused });
  }

  /** Of a picture that only the service has, its look. */
  async look(key: string): Promise<void> {
    const frame = this.#store.frame(key);
    const picture = frame && shownAt(frame, 256);
    const copy = picture && (await fetched(picture).catch(() => undefined));
    const answer = copy && (await prepare({ blob: copy, least: 1 }));
    if (answer && "prepared" in answer) this.#store.change(key, { look: answer.prepared.look });
  }

  /** As much of the picture as was chosen, from the original; without a crop, all of it again. Answers why that cannot be. */
  async crop(key: string, crop: Crop | undefined, change: Partial<Frame>): Promise<Refusal | undefined> {
    const original = await this.whole(key);
    const answer = await prepare({ blob: original, crop, least: this.#limits.minSide }, true);
    if ("refused" in answer) return answer.refused;
    const negative = this.#negatives.get(key);
    this.#negatives.set(key, { ...negative, whole: negative?.whole ?? negative?.file ?? original });
    this.#store.change(key, { ...change, crop, refusal: undefined });
    this.#prepared(key, answer.prepared);
    return undefined;
  }

  /** All of a picture, in the best copy that is at hand. */
  async whole(key: string): Promise<Blob> {
    const { source, whole, file } = this.#negatives.get(key) ?? {};
    return source ?? whole ?? file ?? fetched(this.#store.frame(key)?.picture ?? "");
  }

  #prepared(key: string, { file, preview, ...seen }: Prepared): void {
    const frame = this.#store.frame(key);
    this.#negatives.set(key, { ...this.#negatives.get(key), file, preview });
    if (frame?.picture?.startsWith("blob:")) URL.revokeObjectURL(frame.picture);
    const located = seen.located || Boolean(frame?.located);
    const found = { ...seen, size: file.size, picture: URL.createObjectURL(preview), located, sent: 0, tries: 0 };
    const twin = this.#twinOf(key, seen.crc32c, file.size)?.key;
    this.#told(key, { ...found, twin, phase: twin ? "refused" : "waiting" });
  }

  #twinOf(key: string, crc32c: string, size: number): Frame | undefined {
    return this.#store
      .sheet()
      .frames.find((other) => other.key !== key && other.crc32c === crc32c && other.size === size && other.phase !== "refused");
  }

  #told(key: string, change: Partial<Frame>): void {
    this.#store.change(key, change);
    const frame = this.#store.frame(key);
    if (frame) this.#read(frame);
  }
}

async function fetched(picture: string): Promise<Blob> {
  const answer = await fetch(picture);
  if (!answer.ok) throw new Error("no such picture");
  return answer.blob();
}
