import { useQuery } from "@tanstack/react-query";
import { estimateJob } from "../api/jobs.ts";
import { listModels } from "../api/models.ts";
import type { JobDetail } from "../api/types.ts";
import type { Taken } from "./collisions.ts";

const MINUTE_MS = 60_000;

/** What developing this sheet takes as it is described now: the service reckons with what it has been told. */
export const useEstimate = (job: JobDetail) =>
  useQuery({ queryKey: ["estimate", job.id, job.method, job.preset], queryFn: () => estimateJob(job.id), staleTime: MINUTE_MS });

/** The words of the designer's newest models, this sheet's own apart. */
export function useTakenWords(id: string): readonly Taken[] {
  const models = useQuery({ queryKey: ["models", "words"], queryFn: () => listModels(), staleTime: MINUTE_MS });
  return (models.data?.models ?? []).filter((model) => model.id !== id);
}
