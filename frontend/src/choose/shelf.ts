/** Where the pictures of a sheet are kept on this machine until the service has them. */

import { createStore, delMany, getMany, keys, setMany, type UseStore } from "idb-keyval";

export type Shelf = {
  keys(): Promise<string[]>;
  read<Value>(names: readonly string[]): Promise<(Value | undefined)[]>;
  write(entries: readonly (readonly [string, unknown])[]): Promise<void>;
  drop(names: readonly string[]): Promise<void>;
};

export function browserShelf(): Shelf {
  let store: UseStore | undefined;
  const opened = () => {
    store ??= createStore("darkroom", "pictures");
    return store;
  };
  return {
    keys: async () => keys<string>(opened()),
    read: async (names) => getMany([...names], opened()),
    write: async (entries) => setMany(entries as [string, unknown][], opened()),
    drop: async (names) => delMany([...names], opened()),
  };
}
