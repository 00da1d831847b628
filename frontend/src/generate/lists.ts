/** Pages of generations as they are kept, with one that is new, has changed or is gone. All are pure: what they do not touch stays the same object. */

import type { InfiniteData } from "@tanstack/react-query";
import type { Generation, GenerationList } from "../api/types.ts";
import { isUnderway } from "./prints.ts";

export type Pages = InfiniteData<GenerationList, unknown>;

export const all = (pages: Pages | undefined): readonly Generation[] => pages?.pages.flatMap((page) => page.generations) ?? [];

export function added(pages: Pages, made: Generation): Pages {
  if (all(pages).some((other) => other.id === made.id)) return changed(pages, made.id, () => made);
  const [first, ...rest] = pages.pages;
  const page = first ?? { generations: [], nextCursor: null };
  return { ...pages, pages: [{ ...page, generations: [made, ...page.generations] }, ...rest] };
}

export function changed(pages: Pages, id: string, into: (made: Generation) => Generation): Pages {
  return each(pages, id, (made) => [into(made)]);
}

export function without(pages: Pages, id: string): Pages {
  return each(pages, id, () => []);
}

function each(pages: Pages, id: string, into: (made: Generation) => Generation[]): Pages {
  const touched = pages.pages.map((page) => {
    if (!page.generations.some((made) => made.id === id)) return page;
    return { ...page, generations: page.generations.flatMap((made) => (made.id === id ? into(made) : [made])) };
  });
  return touched.some((page, index) => page !== pages.pages[index]) ? { ...pages, pages: touched } : pages;
}

export function marked(made: Generation, number: number, favourite: boolean): Generation {
  return { ...made, pictures: made.pictures.map((picture) => (picture.number === number ? { ...picture, favourite } : picture)) };
}

export const underway = (pages: Pages | undefined): readonly string[] =>
  all(pages)
    .filter(isUnderway)
    .map((made) => made.id);
