/** The portal's texts in the language of whoever reads them. The compiler holds every language to the same texts and the same parameters. */

import { createContext, useContext } from "react";
import { first } from "./en/first.ts";
import type { en as english } from "./en/index.ts";

export type Words = typeof english;

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** The first page finds its words here; the rest is put in before any page is drawn that needs it (shell/opening.tsx). */
const en = { ...first } as Words;

const LOADED: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => Object.assign(en, (await import("./en/rest.ts")).rest),
  de: async () => (await import("./de/index.ts")).de,
};

/** All words of a language. */
export const load = (language: Language): Promise<Words> => LOADED[language]();

/** English needs no file of its own for the first page. */
export const atOnce = (language: Language): { words: Words; language: Language } | undefined =>
  language === "en" ? { words: en, language } : undefined;

const KEPT = "language";

export const remember = (language: Language): void => localStorage.setItem(KEPT, language);

/** The one that was chosen here before, else the first that the browser asks for and that we speak. */
export function preferred(chosen = localStorage.getItem(KEPT), asked: readonly string[] = navigator.languages): Language {
  const wanted = [chosen ?? "", ...asked].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find(isLanguage) ?? "en";
}

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag);

export const Spoken = createContext<{ words: Words; language: Language }>({ words: en, language: "en" });

export const useWords = (): Words => useContext(Spoken).words;

export const useLanguage = (): Language => useContext(Spoken).language;
