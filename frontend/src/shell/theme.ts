/** Light or dark, as the system says or as was chosen here. What was chosen is set before the first paint, by first.js. */

import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export function chosenTheme(kept = localStorage.getItem("theme")): Theme {
  return THEMES.find((theme) => theme === kept) ?? "system";
}

const watchers = new Set<() => void>();

/** What was chosen, wherever it was. */
export const useTheme = (): Theme => useSyncExternalStore(watch, () => chosenTheme());

function watch(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

export function choose(theme: Theme): void {
  localStorage.setItem("theme", theme);
  show(theme);
  for (const changed of watchers) changed();
}

/** The browser's own parts follow: its bars by the two theme colours of index.html, of which one is meant for each light. */
function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.dataset.light;
    meta.media = theme === "system" ? `(prefers-color-scheme: ${own})` : theme === own ? "all" : "not all";
  }
}
