/** A grid of prints with one stop for Tab: arrow keys go on from there. */

import { type KeyboardEvent, useState } from "react";

/** The print that is above or below another; undefined where there is none. */
export type Vertical = (key: string, down: boolean) => string | undefined;

/** The print that an arrow key leads to from another; undefined where it leads nowhere. */
export function stepFrom(from: string, arrow: string, keys: readonly string[], vertical: Vertical): string | undefined {
  const at = keys.indexOf(from);
  switch (arrow) {
    case "ArrowLeft":
      return keys[at - 1];
    case "ArrowRight":
      return keys[at + 1];
    case "ArrowUp":
      return vertical(from, false);
    case "ArrowDown":
      return vertical(from, true);
    case "Home":
      return keys[0];
    case "End":
      return keys.at(-1);
    default:
      return;
  }
}

/** In a grid that is filled row by row. */
export const inColumns =
  (keys: readonly string[], columns: () => number): Vertical =>
  (key, down) =>
    keys[keys.indexOf(key) + (down ? columns() : -columns())];

type Roving = {
  keys: readonly string[];
  vertical: Vertical;
  focus(key: string): void;
  letters: Readonly<Record<string, (key: string) => void>>;
};

/** `letters` act on the print that has the focus. */
export function useRoving({ keys, vertical, focus, letters }: Roving) {
  const [last, setLast] = useState<string>();
  const active = last && keys.includes(last) ? last : keys[0];
  const goTo = (key: string) => {
    setLast(key);
    focus(key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!active || event.metaKey || event.ctrlKey || event.altKey) return;
    const letter = letters[event.key.toLowerCase()];
    const target = stepFrom(active, event.key, keys, vertical);
    if (letter) letter(active);
    else if (target) goTo(target);
    if (letter || target) event.preventDefault();
  };
  return { active, goTo, onKeyDown, onFocus: setLast };
}

export const columnsOf = (grid: HTMLElement | null): number => (grid ? getComputedStyle(grid).gridTemplateColumns.split(" ").length : 1);

export function focusPrint(key: string, inside: ParentNode | null = document): boolean {
  const found = inside?.querySelector<HTMLElement>(`[data-print="${key}"] button`);
  found?.focus();
  return Boolean(found);
}
