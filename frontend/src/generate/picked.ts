/** Prints that are picked to be compared, on whatever page they were picked; at most four. They go with the window. */

import { useSyncExternalStore } from "react";
import { MOST } from "./comparing.ts";

const PLACE = "picked prints";
const listeners = new Set<() => void>();
let picked: readonly string[] | undefined;

const read = (): readonly string[] => {
  picked ??= (sessionStorage.getItem(PLACE) ?? "").split("~").filter(Boolean);
  return picked;
};

function write(keys: readonly string[]): void {
  picked = keys;
  sessionStorage.setItem(PLACE, keys.join("~"));
  for (const told of listeners) told();
}

/** Beyond four the first that was picked makes room. */
export function toggled(keys: readonly string[], key: string): readonly string[] {
  return keys.includes(key) ? keys.filter((other) => other !== key) : [...keys, key].slice(-MOST);
}

export const pick = (key: string): void => write(toggled(read(), key));
export const unpickAll = (): void => write([]);
export const unpickOf = (generation: string): void => write(read().filter((key) => !key.startsWith(generation)));

function listen(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

export const usePicked = (): readonly string[] => useSyncExternalStore(listen, read);
