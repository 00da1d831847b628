/** What the pages read, how often, and when they try again. */

import { QueryClient, useQuery } from "@tanstack/react-query";
import type { State } from "../generated/states.ts";
import { TERMINAL } from "../generated/states.ts";
import * as api from "./api.ts";
import { ApiError } from "./problems.ts";

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

export const useJob = (id: string) =>
  useQuery({
    queryKey: ["job", id],
    queryFn: () => api.readJob(id),
    staleTime: 0,
    structuralSharing: false,
    refetchInterval: ({ state }) => {
      if (!state.data || isAtRest(state.data.state) || state.data.state === "uploading") return false;
      return state.data.state === "ready" ? 10 * EVERY_MS : EVERY_MS;
    },
  });

export const useGenerations = (id: string) => useQuery({ queryKey: ["generations", id], queryFn: () => api.listGenerations(id) });
