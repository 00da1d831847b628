/** What the pages of prints read and change. A generation is kept in every list that has it, and by itself. */

import { type QueryClient, useInfiniteQuery, useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { deleteGeneration, generate, listGenerations, listNames, markPicture, readGeneration, type Wall } from "../api/generations.ts";
import { ApiError } from "../api/problems.ts";
import type { Generation } from "../api/types.ts";
import { addressOf, twin } from "./comparing.ts";
import { added, all, changed, marked, type Pages, underway, without } from "./lists.ts";
import { asked, type Order, remixed } from "./orders.ts";
import { unpickOf } from "./picked.ts";
import { isUnderway, type Print } from "./prints.ts";

const SOON_MS = 1000;
const LOST_MS = 5000;
const LISTS = ["generations", "list"] as const;
const one = (id: string) => ["generations", "one", id] as const;

/** Their names; the first fifty are enough to choose from. */
export const useModels = () => useQuery({ queryKey: ["models", "names"], queryFn: listNames, staleTime: 60_000 });

/** What was drawn, newest first, a page at a time. What is underway is read again each second until it is there. */
export function useGenerations(wall: Wall, limit = 24) {
  const list = useInfiniteQuery({
    queryKey: [...LISTS, wall.model ?? "all", wall.favourite ?? false],
    queryFn: ({ pageParam }) => listGenerations(wall, limit, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // a page that could not be filled at first tries again by itself, where that may help
    refetchInterval: ({ state }) => (!state.data && state.error instanceof ApiError && state.error.retryable ? LOST_MS : false),
  });
  useNews(underway(list.data));
  return list;
}

/** Those that a page needs by themselves. */
export function useSome(ids: readonly string[]) {
  const queries = useQueryClient();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: one(id),
      queryFn: () => readGeneration(id),
      initialData: () => queries.getQueriesData<Pages>({ queryKey: LISTS }).flatMap(([, pages]) => found(pages, id))[0],
      initialDataUpdatedAt: 0,
      refetchInterval: ({ state }: { state: { data: Generation | undefined } }) => (state.data && isUnderway(state.data) ? SOON_MS : false),
    })),
  });
}

function found(pages: Pages | undefined, id: string | undefined): Generation[] {
  return pages?.pages.flatMap((page) => page.generations.filter((made) => made.id === id)) ?? [];
}

function useNews(ids: readonly string[]): void {
  const queries = useQueryClient();
  useQuery({
    queryKey: ["generations", "news", ...ids],
    queryFn: async () => {
      await Promise.all(ids.map((id) => readAgain(queries, id)));
      return Date.now();
    },
    enabled: ids.length > 0,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: SOON_MS,
  });
}

/** One that was deleted in another window is gone here too. */
async function readAgain(queries: QueryClient, id: string): Promise<void> {
  try {
    put(queries, await readGeneration(id));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "NOT_FOUND")) throw error;
    drop(queries, id);
  }
}

function put(queries: QueryClient, made: Generation): void {
  queries.setQueriesData<Pages>({ queryKey: LISTS }, (pages) => pages && changed(pages, made.id, () => made));
  queries.setQueryData(one(made.id), made);
}

function drop(queries: QueryClient, id: string): void {
  queries.setQueriesData<Pages>({ queryKey: LISTS }, (pages) => pages && without(pages, id));
  queries.removeQueries({ queryKey: one(id) });
  unpickOf(id);
}

/** In front of the lists that show its model. */
function lead(queries: QueryClient, made: Generation): void {
  for (const wall of [made.model, "all"]) {
    queries.setQueryData<Pages>([...LISTS, wall, false], (pages) => pages && added(pages, made));
  }
  queries.setQueryData(one(made.id), made);
}

export type Wish = { readonly order: Order; readonly base: boolean };

/** An order that went out and was not answered goes out again under its old key: it is drawn once. */
function useAsking(model: string) {
  const queries = useQueryClient();
  const keys = useRef(new Map<string, string>());
  return async ({ order, base }: Wish): Promise<Generation> => {
    const body = asked(order, base);
    const wish = JSON.stringify(body);
    const key = keys.current.get(wish) ?? crypto.randomUUID();
    keys.current.set(wish, key);
    const made = await generate(model, body, key);
    keys.current.delete(wish);
    lead(queries, made);
    return made;
  };
}

export function usePrinting(model: string) {
  const ask = useAsking(model);
  const onError = useFellAsleep(model);
  return useMutation({ mutationFn: ask, onError });
}

/** One print of the model and one of what it was before it learnt, from the same words and the same seed. */
export function useComparing(model: string) {
  const ask = useAsking(model);
  const onError = useFellAsleep(model);
  return useMutation({
    mutationFn: async (order: Order) => {
      const single = { ...order, count: 1 };
      const tuned = await ask({ order: single, base: false });
      return addressOf([tuned.id, (await ask({ order: single, base: true })).id].map((id) => `${id}.0`));
    },
    onError,
  });
}

/** What the untuned model makes of the words and the seed of a print: as it is already known, or drawn now. */
export function useUntuned(model: string) {
  const queries = useQueryClient();
  const ask = useAsking(model);
  const onError = useFellAsleep(model);
  return useMutation({
    mutationFn: async (print: Print) => {
      const known = twin(
        print,
        queries.getQueriesData<Pages>({ queryKey: LISTS }).flatMap(([, pages]) => all(pages)),
      );
      return known ?? `${(await ask({ order: remixed(print, 1), base: true })).id}.0`;
    },
    onError,
  });
}

/** One that refuses because it fell asleep meanwhile is shown asleep. */
function useFellAsleep(model: string) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["model", model] });
}

export type Mark = { readonly made: Generation; readonly number: number; readonly favourite: boolean };

/** Drawn at once, and taken back where the service did not keep it. */
export function useMarking() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ made, number, favourite }: Mark) => markPicture(made.id, number, favourite),
    onMutate: ({ made, number, favourite }) => mark(queries, made.id, number, favourite),
    onError: (_, { made, number, favourite }) => mark(queries, made.id, number, !favourite),
  });
}

/** Of the picture only: its neighbours may arrive meanwhile. */
function mark(queries: QueryClient, id: string, number: number, favourite: boolean): void {
  queries.setQueriesData<Pages>({ queryKey: LISTS }, (pages) => pages && changed(pages, id, (made) => marked(made, number, favourite)));
  queries.setQueryData<Generation>(one(id), (made) => made && marked(made, number, favourite));
}

export function useForgetting() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (id: string) => deleteGeneration(id), onSuccess: (_, id) => drop(queries, id) });
}
