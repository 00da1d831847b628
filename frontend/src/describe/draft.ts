/** What a designer says of one sheet: on the page at once, on this machine until the service has it, with the service a moment later. */

import { changeJob, readJob } from "../api/jobs.ts";
import { ApiError } from "../api/problems.ts";
import type { JobDetail } from "../api/types.ts";
import { Copy } from "./copies.ts";
import { changes, described, type Words, wordsOf } from "./described.ts";
import { type Clash, merged, undisputed } from "./merging.ts";
import { Saver, type Saving } from "./saver.ts";

export type Said = {
  readonly words: Words;
  /** What another window has made of words that were changed here too. */
  readonly clash: Clash;
  readonly saving: Saving;
  readonly error: unknown;
};

/** What a draft needs of the service. */
export type Service = {
  change: typeof changeJob;
  read: typeof readJob;
  /** Hears each answer. */
  told(job: JobDetail): void;
};

type Typed = { readonly words: Words; readonly before: Words };

export class Draft {
  readonly #id: string;
  readonly #copy: Copy<Typed>;
  readonly #saver = new Saver(
    () => this.#send(),
    (saving, error) => this.#set({ saving, error }),
  );
  readonly #watchers = new Set<() => void>();
  readonly #service: Service;
  #kept: Words;
  #seen = 0;
  #said: Said;

  constructor(job: JobDetail, service: Service, copy = new Copy<Typed>(`words of ${job.id}`)) {
    this.#id = job.id;
    this.#service = service;
    this.#copy = copy;
    const typed = copy.read();
    // an older version may have kept fewer
    this.#kept = { ...wordsOf(job), ...typed?.before };
    this.#said = { words: { ...this.#kept, ...typed?.words }, clash: {}, saving: "saved", error: undefined };
    this.seen(job);
    if (typed) this.#saver.soon();
  }

  readonly said = (): Said => this.#said;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  say(change: Partial<Words>): void {
    this.#set({ words: { ...this.#said.words, ...change } });
    this.#keepHere();
    // a choice is made at once, a word letter by letter
    if ("method" in change || "preset" in change || "consent" in change) this.again();
    else this.#saver.soon();
  }

  /** The job as the service has it now; an answer that was overtaken is passed over. */
  seen(job: JobDetail): void {
    const at = Date.parse(job.updated);
    if (at < this.#seen) return;
    this.#seen = at;
    const theirs = wordsOf(job);
    const { words, clash } = merged(this.#kept, this.#said.words, theirs);
    this.#kept = { ...theirs, ...only(this.#kept, clash) };
    this.#set({ words, clash });
  }

  /** Between two who changed the same words, whose stay. */
  settle(whose: "mine" | "theirs"): void {
    const { words, clash } = this.#said;
    this.#kept = { ...this.#kept, ...clash };
    this.#set({ words: whose === "theirs" ? { ...words, ...clash } : words, clash: {} });
    this.#keepHere();
    this.again();
  }

  again(): void {
    this.#saver.now().catch(() => {});
  }

  /** When the service has everything; throws why it has not. */
  settled(): Promise<void> {
    return this.#saver.now();
  }

  async #send(): Promise<void> {
    const { words, clash } = this.#said;
    const asked = changes(undisputed(words, this.#kept, clash), this.#kept);
    if (Object.keys(asked).length > 0) await this.#change(asked);
    if (this.#hasEverything()) this.#copy.drop();
  }

  /** A word that is none yet stays on this machine. */
  #hasEverything(): boolean {
    const { words } = this.#said;
    return described(words) !== undefined && Object.keys(changes(words, this.#kept)).length === 0;
  }

  async #change(asked: ReturnType<typeof changes>): Promise<void> {
    try {
      const job = await this.#service.change(this.#id, asked);
      this.#taken(asked, job);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "VERSION_STALE") throw error;
      this.seen(await this.#service.read(this.#id));
      await this.#send();
    }
  }

  /** What was sent is what both begin with from now on. */
  #taken(asked: ReturnType<typeof changes>, job: JobDetail): void {
    const theirs = wordsOf(job);
    const sent = Object.keys(asked) as (keyof Words)[];
    this.#kept = { ...this.#kept, ...Object.fromEntries(sent.map((field) => [field, theirs[field]])) };
    this.seen(job);
    this.#service.told(job);
  }

  #keepHere(): void {
    this.#copy.write({ words: this.#said.words, before: this.#kept });
  }

  #set(change: Partial<Said>): void {
    this.#said = { ...this.#said, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

function only(words: Words, fields: Clash): Clash {
  return Object.fromEntries(Object.keys(fields).map((field) => [field, words[field as keyof Words]]));
}

const drafts = new Map<string, Draft>();

export function draftOf(job: JobDetail, told: (job: JobDetail) => void): Draft {
  const draft = drafts.get(job.id) ?? new Draft(job, { change: changeJob, read: readJob, told });
  drafts.set(job.id, draft);
  return draft;
}
