/** What this machine keeps of one sheet: its pictures until the service has verified them, and the marks that the service does not know. */

import type { Frame } from "./frames.ts";
import type { Look } from "./look.ts";
import type { Shelf } from "./shelf.ts";

/** `source`: the file as it was chosen, until it is prepared. `file`: what is sent. `whole`: what would be sent if it had not been cropped. */
export type Negative = { readonly source?: Blob; readonly file?: Blob; readonly whole?: Blob; readonly preview?: Blob };

export type Kept = { readonly frame: Frame; readonly negative: Negative };

/** What only this machine knows of a frame: how it is marked and what was seen in it. `id` is that of its upload, its own key where there is none. */
export type Mark = {
  readonly id: string;
  readonly crossed: boolean;
  readonly look: Look | undefined;
  readonly located: boolean;
};

/** `marks`: of all frames, in their order. `leaving`: uploads that are still to be removed at the service. */
export type Note = {
  readonly jobId: string | undefined;
  /** Makes the same job again when the answer to the first request was lost. */
  readonly requestKey: string;
  readonly cover: string | undefined;
  readonly marks: readonly Mark[];
  readonly leaving: readonly string[];
  readonly at: number;
};

const SHEET = "sheet/";
const noteName = (id: string): string => SHEET + id;
const frameName = (id: string, key: string): string => `frame/${id}/${key}`;

export class Keeping {
  readonly id: string;
  readonly #shelf: Shelf;
  readonly #failed: () => void;

  /** `failed` hears that the browser does not keep anything: it is full, or its owner wants no traces. */
  constructor(id: string, shelf: Shelf, failed: () => void) {
    this.id = id;
    this.#shelf = shelf;
    this.#failed = failed;
  }

  async read(): Promise<{ note: Note | undefined; kept: Kept[] }> {
    try {
      const names = (await this.#shelf.keys()).filter((name) => name.startsWith(frameName(this.id, "")));
      const [[note], kept] = await Promise.all([this.#shelf.read<Note>([noteName(this.id)]), this.#shelf.read<Kept>(names)]);
      return { note, kept: kept.filter((each) => each !== undefined) };
    } catch {
      this.#failed();
      return { note: undefined, kept: [] };
    }
  }

  note(note: Note): Promise<void> {
    return this.#try(() => this.#shelf.write([[noteName(this.id), note]]));
  }

  keep(kept: readonly Kept[]): Promise<void> {
    const plain = kept.map(({ frame, negative }): Kept => ({ frame: lasting(frame), negative: needed(frame, negative) }));
    return this.#try(() => this.#shelf.write(plain.map((each) => [frameName(this.id, each.frame.key), each])));
  }

  drop(keys: readonly string[]): Promise<void> {
    return this.#try(() => this.#shelf.drop(keys.map((key) => frameName(this.id, key))));
  }

  async forget(): Promise<void> {
    await this.#try(async () => {
      const names = (await this.#shelf.keys()).filter((name) => name.startsWith(frameName(this.id, "")));
      await this.#shelf.drop([...names, noteName(this.id)]);
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.#failed();
    }
  }
}

/** Without what means something in this window only. */
function lasting(frame: Frame): Frame {
  const { error: _, picture: __, ...rest } = frame;
  return rest;
}

/** Of what cannot be used, nothing; once it is known what is sent, the file as it came is not needed again. */
function needed({ phase }: Frame, { source, ...rest }: Negative): Negative {
  if (phase === "refused") return {};
  return rest.file || !source ? rest : { source };
}

/** The sheets that something is kept of. */
export async function keptSheets(shelf: Shelf): Promise<{ id: string; note: Note }[]> {
  const names = (await shelf.keys()).filter((name) => name.startsWith(SHEET));
  const notes = await shelf.read<Note>(names);
  return names.flatMap((name, at) => (notes[at] ? [{ id: name.slice(SHEET.length), note: notes[at] }] : []));
}
