/** What is read of models, and how often. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { listModels, listVersions, listWeights, readCard, readModel, sleepModel, wakeModel } from "../api/models.ts";
import type { Deployment, Model, ModelList } from "../api/types.ts";
import { isMoving } from "./endpoint.ts";

const MOVING_MS = 2_000;
const RESTING_MS = 30_000;
const NEVER_STALE = { staleTime: Number.POSITIVE_INFINITY };

const pause = (models: readonly Model[]): number => (models.some(({ deployment }) => isMoving(deployment)) ? MOVING_MS : RESTING_MS);

/** All models, as far as they were asked for, the newest first. */
export const useModels = () =>
  useInfiniteQuery({
    queryKey: ["models", "pages"],
    queryFn: ({ pageParam }) => listModels(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: ModelList) => last.nextCursor ?? undefined,
    refetchInterval: ({ state }) => pause(state.data?.pages.flatMap(({ models }) => models) ?? []),
  });

/** One model. While its endpoint wakes or falls asleep it is asked again and again. */
export const useModel = (id: string) =>
  useQuery({
    queryKey: ["model", id],
    queryFn: () => readModel(id),
    refetchInterval: ({ state }) => pause(state.data ? [state.data] : []),
  });

export const useVersions = (id: string) => useQuery({ queryKey: ["versions", id], queryFn: () => listVersions(id), staleTime: 60_000 });

export const useWeights = (id: string, number: number) =>
  useQuery({ queryKey: ["weights", id, number], queryFn: () => listWeights(id, number), ...NEVER_STALE });

export const useCard = (id: string, number: number, wanted: boolean) =>
  useQuery({ queryKey: ["card", id, number], queryFn: () => readCard(id, number), enabled: wanted, ...NEVER_STALE });

export const useWaking = (id: string) => useDeploying(id, wakeModel);
export const useSleeping = (id: string) => useDeploying(id, sleepModel);

/** What the service answers is shown at once, wherever the model is shown. */
function useDeploying(id: string, ask: (id: string) => Promise<Deployment>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(id),
    onSuccess: (deployment) => {
      queries.setQueryData<Model>(["model", id], (before) => before && { ...before, deployment });
      for (const queryKey of [["models"], ["model", id], ["job", id]]) queries.invalidateQueries({ queryKey });
    },
  });
}
