/** What the pages read, how often, and when they try again. */

import { QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { State } from "../generated/states.ts";
import { TERMINAL } from "../generated/states.ts";
import { readConfig, readMe } from "./account.ts";
import { estimateJob, listJobs, readJob } from "./jobs.ts";
import { afterMove, afterProgress, follow, type Listener } from "./live.ts";
import { usePresence } from "./presence.ts";
import { ApiError } from "./problems.ts";
import type { JobDetail } from "./types.ts";

const EVERY_MS = 1000;
const SOON_MS = 50;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 3 && error instanceof ApiError && error.retryable,
      // the pages say themselves when nobody answers
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** Whether nothing will happen to such a job by itself. */
export function isAtRest(state: State): boolean {
  return state === "draft" || TERMINAL.has(state);
}

export const useConfig = () => useQuery({ queryKey: ["config"], queryFn: readConfig, staleTime: Number.POSITIVE_INFINITY });

export const useMe = () => useQuery({ queryKey: ["me"], queryFn: readMe });

/** The newest first, page by page. */
export const useJobs = () =>
  useInfiniteQuery({
    queryKey: ["jobs"],
    queryFn: ({ pageParam }) => listJobs(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ jobs }) => jobs.some((job) => isMoving(job.state))) ? 3 * EVERY_MS : false),
  });

/** By its event stream; where there is none it is asked each second. Whoever comes back to the page finds it as it is then. */
export const useJob = (id: string) => useLiveJob(id).job;

/** And whether its stream tells what happens. */
export function useLiveJob(id: string) {
  const [live, setLive] = useState(false);
  const { here, returns } = usePresence();
  const job = useQuery({
    queryKey: ["job", id],
    queryFn: () => readJob(id),
    staleTime: 0,
    structuralSharing: false,
    refetchInterval: ({ state }) => (state.data ? pause(state.data.state, live, here) : lost(state.error)),
    refetchIntervalInBackground: true,
  });
  const moving = job.data ? isMoving(job.data.state) : false;
  // a stream that lived through a closed laptop only looks alive, so each return begins a new one
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the return that counts
  useEffect(() => {
    if (!moving || !here) return;
    return follow(id, listenerOf(id, setLive));
  }, [id, moving, here, returns]);
  useEffect(() => {
    if (returns > 0) queries.invalidateQueries({ queryKey: ["job", id] });
  }, [id, returns]);
  return { job, live };
}

function listenerOf(id: string, live: Listener["live"]): Listener {
  const key = ["job", id];
  const change = (to: (job: JobDetail) => JobDetail) => queries.setQueryData<JobDetail>(key, (before) => before && to(before));
  // what a stream begins with comes all at once
  let soon: ReturnType<typeof setTimeout> | undefined;
  const readAgain = () => {
    clearTimeout(soon);
    soon = setTimeout(() => queries.invalidateQueries({ queryKey: key }), SOON_MS);
  };
  return {
    live,
    progress: (progress) => change((job) => afterProgress(job, progress)),
    changed: readAgain,
    moved: (move) => {
      const before = queries.getQueryData<JobDetail>(key);
      if (!before || afterMove(before, move) === before) return;
      change((job) => afterMove(job, move));
      readAgain();
    },
  };
}

function isMoving(state: State): boolean {
  return !isAtRest(state) && state !== "uploading" && state !== "ready";
}

function pause(state: State, live: boolean, here: boolean): number | false {
  if (!here) return isMoving(state) ? 30 * EVERY_MS : false;
  if (state === "ready") return 10 * EVERY_MS;
  if (!isMoving(state)) return false;
  return live ? 15 * EVERY_MS : EVERY_MS;
}

/** A page that could not be filled at first tries again by itself, where that may help. */
function lost(error: unknown): number | false {
  return error instanceof ApiError && error.retryable ? 5 * EVERY_MS : false;
}

export const useEstimate = (id: string | undefined) =>
  useQuery({
    queryKey: ["estimate", id],
    queryFn: () => estimateJob(id ?? ""),
    enabled: Boolean(id),
    staleTime: Number.POSITIVE_INFINITY,
  });
