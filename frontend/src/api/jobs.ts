/** Jobs as the service keeps them; the last that was read of each is kept with its version. */

import { type Answered, answered, client, reached } from "./client.ts";
import { ApiError, apiError } from "./problems.ts";
import type { Config, Estimate, JobDetail } from "./types.ts";

const at = (job_id: string) => ({ params: { path: { job_id } } });

export const listJobs = (cursor?: string) => answered(client.GET("/v1/jobs", { params: { query: cursor ? { cursor } : {} } }));

/** The last that was read of each job, with its version. */
const kept = new Map<string, { etag: string; job: JobDetail }>();

/** The job that was answered, kept with its version. */
async function told(call: Promise<Answered<JobDetail>>): Promise<JobDetail> {
  const { data, error, response } = await reached(call);
  if (!data) throw apiError(response.status, error);
  kept.set(data.id, { etag: response.headers.get("ETag") ?? "", job: data });
  return data;
}

/** The job; where it has not changed since it was last read here, that very object again. */
export async function readJob(id: string): Promise<JobDetail> {
  const before = kept.get(id);
  const headers = before ? { "If-None-Match": before.etag } : {};
  const call = reached(client.GET("/v1/jobs/{job_id}", { ...at(id), headers }));
  return before && (await call).response.status === 304 ? before.job : told(call);
}

export type Description = { name: string; subject: string; classWord: string };
export type Method = Config["presets"][number]["method"];
export type Preset = Config["presets"][number]["id"];
/** What a job is made with; without a method it learns as most do. */
export type Beginning = Description & { method?: Method };
export type JobChange = Partial<Description> & { method?: Method; preset?: Preset; consent?: boolean; cover?: string };

export const createJob = (beginning: Beginning, key: string) =>
  told(client.POST("/v1/jobs", { params: { header: { "Idempotency-Key": key } }, body: beginning }));

/** Nobody's words are written over unseen: if another window has changed them meanwhile, this throws VERSION_STALE. */
export async function changeJob(id: string, asked: JobChange): Promise<JobDetail> {
  const seen = kept.get(id)?.job ?? (await readJob(id));
  try {
    return await change(id, asked);
  } catch (error) {
    const stale = error instanceof ApiError && error.code === "VERSION_STALE";
    if (!stale || !sameWords(seen, await readJob(id))) throw error;
    return change(id, asked);
  }
}

const change = (id: string, body: JobChange) =>
  told(
    client.PATCH("/v1/jobs/{job_id}", {
      params: { path: { job_id: id }, header: { "If-Match": kept.get(id)?.etag ?? "" } },
      body,
    }),
  );

const WORDS = ["name", "subject", "classWord", "method", "preset", "consented"] as const;

function sameWords(one: JobDetail, other: JobDetail): boolean {
  return WORDS.every((field) => one[field] === other[field]);
}

export const estimateJob = (id: string): Promise<Estimate> => answered(client.POST("/v1/jobs/{job_id}/estimate", at(id)));

export const submitJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/submit", at(id)));

export const cancelJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/cancel", at(id)));

/** What is learnt so far becomes the model. */
export const finishJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/finish", at(id)));

export const retryJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/retry", at(id)));
