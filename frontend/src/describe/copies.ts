/** What was typed and is not with the service yet, kept on this machine: it outlives a reload, a lost line and a session that is over. */

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class Copy<Value> {
  readonly #name: string;
  readonly #store: () => Store;

  constructor(name: string, store: () => Store = () => localStorage) {
    this.#name = name;
    this.#store = store;
  }

  /** Undefined where there is none, or the browser keeps nothing. */
  read(): Value | undefined {
    try {
      return JSON.parse(this.#store().getItem(this.#name) ?? "null") ?? undefined;
    } catch {
      return undefined;
    }
  }

  write(value: Value): void {
    try {
      this.#store().setItem(this.#name, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing: the page has it still
    }
  }

  drop(): void {
    try {
      this.#store().removeItem(this.#name);
    } catch {
      // as above
    }
  }
}
