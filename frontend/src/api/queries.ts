/** What the pages read, how often, and when they try again. */

import { QueryClient, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { State } from "../generated/states.ts";
import { TERMINAL } from "../generated/states.ts";
import * as api from "./api.ts";
import { follow } from "./live.ts";
import { ApiError } from "./problems.ts";
import type { Generation, JobDetail } from "./types.ts";

const EVERY_MS = 1000;

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

export const useConfig = () => useQuery({ queryKey: ["config"], queryFn: api.readConfig, staleTime: Number.POSITIVE_INFINITY });

export const useMe = () => useQuery({ queryKey: ["me"], queryFn: api.readMe });

export const useJobs = () =>
  useQuery({
    queryKey: ["jobs"],
    queryFn: () => api.listJobs(),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.jobs.some((job) => !isAtRest(job.state) && job.state !== "ready") ? 3 * EVERY_MS : false),
  });

/** By its event stream; where there is none it is asked each second. */
export function useJob(id: string) {
  const [live, setLive] = useState(false);
  const job = useQuery({
    queryKey: ["job", id],
    queryFn: () => api.readJob(id),
    staleTime: 0,
    structuralSharing: false,
    refetchInterval: ({ state }) => (state.data ? pause(state.data.state, live) : false),
  });
  const moving = job.data ? isMoving(job.data.state) : false;
  useEffect(() => {
    if (!moving) return;
    const key = ["job", id];
    return follow(id, {
      live: setLive,
      progress: (progress) => queries.setQueryData<JobDetail>(key, (before) => before && { ...before, progress }),
      moved: () => queries.invalidateQueries({ queryKey: key }),
    });
  }, [id, moving]);
  return job;
}

function isMoving(state: State): boolean {
  return !isAtRest(state) && state !== "uploading" && state !== "ready";
}

function pause(state: State, live: boolean): number | false {
  if (state === "ready") return 10 * EVERY_MS;
  if (!isMoving(state)) return false;
  return live ? 15 * EVERY_MS : EVERY_MS;
}

export const useEstimate = (id: string | undefined) =>
  useQuery({
    queryKey: ["estimate", id],
    queryFn: () => api.estimateJob(id ?? ""),
    enabled: Boolean(id),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What was drawn with a model; what is being drawn is read again until it is done. */
export const useGenerations = (model: JobDetail) =>
  useQuery({
    queryKey: ["generations", model.id],
    queryFn: () => withNews(queries.getQueryData<Generation[]>(["generations", model.id]), () => api.listGenerations(model)),
    refetchInterval: ({ state }) => (state.data?.some(isUnderway) ? EVERY_MS : false),
  });

export function isUnderway(made: Generation): boolean {
  return made.state === "waiting" || made.state === "drawing";
}

/** Only what may have changed is read again; the whole list where nothing is underway. */
async function withNews(before: Generation[] | undefined, list: () => Promise<Generation[]>): Promise<Generation[]> {
  if (!before?.some(isUnderway)) return list();
  const now = await Promise.all(before.map((made) => (isUnderway(made) ? api.readGeneration(made.id).catch(forgotten) : made)));
  return now.filter((made) => made !== undefined);
}

function forgotten(error: unknown): undefined {
  if (error instanceof ApiError && error.code === "NOT_FOUND") return;
  throw error;
}
