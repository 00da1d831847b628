/** The only place that talks to the service. Every call answers or throws ApiError. */

import createClient from "openapi-fetch";
import type { paths } from "../generated/schema.d.ts";
import { ApiError, apiError, offline } from "./problems.ts";
import type { Estimate, Generation, GenerationList, JobDetail, NewGeneration, Upload } from "./types.ts";

const HEADERS = { "X-Requested-With": "XMLHttpRequest" };
const client = createClient<paths>({ headers: HEADERS, cache: "no-store" });

type Answered<Data> = { data?: Data; error?: unknown; response: Response };

function reached<Answer>(call: Promise<Answer>): Promise<Answer> {
  return call.catch(() => {
    throw offline();
  });
}

async function answered<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await reached(call);
  if (!response.ok) throw apiError(response.status, error);
  return data as Data;
}

const at = (job_id: string) => ({ params: { path: { job_id } } });

export const readMe = () => answered(client.GET("/v1/me"));

export const readConfig = () => answered(client.GET("/v1/config"));

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

export const createJob = (description: Description, key: string) =>
  told(client.POST("/v1/jobs", { params: { header: { "Idempotency-Key": key } }, body: { ...description, method: "dreambooth" } }));

/** Nobody's words are written over unseen: if another window has changed them meanwhile, this throws VERSION_STALE. */
export async function changeJob(id: string, description: Description): Promise<JobDetail> {
  const seen = kept.get(id)?.job ?? (await readJob(id));
  try {
    return await change(id, description);
  } catch (error) {
    const stale = error instanceof ApiError && error.code === "VERSION_STALE";
    if (!stale || !sameWords(seen, await readJob(id))) throw error;
    return change(id, description);
  }
}

const change = (id: string, description: Description) =>
  told(
    client.PATCH("/v1/jobs/{job_id}", {
      params: { path: { job_id: id }, header: { "If-Match": kept.get(id)?.etag ?? "" } },
      body: description,
    }),
  );

function sameWords(one: Description, other: Description): boolean {
  return one.name === other.name && one.subject === other.subject && one.classWord === other.classWord;
}

export const estimateJob = (id: string): Promise<Estimate> => answered(client.POST("/v1/jobs/{job_id}/estimate", at(id)));

export const submitJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/submit", at(id)));

export const cancelJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/cancel", at(id)));

export const retryJob = (id: string) => told(client.POST("/v1/jobs/{job_id}/retry", at(id)));

export type Announced = { fileName: string; size: number; crc32c: string; contentType: string };

export const registerUploads = async (id: string, uploads: Announced[]): Promise<Upload[]> =>
  (await answered(client.POST("/v1/jobs/{job_id}/uploads", { ...at(id), body: { uploads } }))).uploads;

export const removeUpload = (job_id: string, upload_id: string) =>
  answered(client.DELETE("/v1/jobs/{job_id}/uploads/{upload_id}", { params: { path: { job_id, upload_id } } }));

/** Answers at once, with pictures that are still to be drawn. */
export const generate = (model_id: string, body: NewGeneration, key: string): Promise<Generation> =>
  answered(client.POST("/v1/models/{model_id}/generations", { params: { path: { model_id }, header: { "Idempotency-Key": key } }, body }));

export const readGeneration = (generation_id: string): Promise<Generation> =>
  answered(client.GET("/v1/generations/{generation_id}", { params: { path: { generation_id } } }));

/** What was drawn with one model, newest first: of the whole gallery, as far back as the model goes. */
export async function listGenerations(model: JobDetail): Promise<Generation[]> {
  const found: Generation[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor ? { cursor } : {}) };
    const page: GenerationList = await answered(client.GET("/v1/generations", { params: { query } }));
    found.push(...page.generations.filter((made) => made.model === model.id));
    const last = page.generations.at(-1);
    cursor = last && Date.parse(last.created) < Date.parse(model.created) ? null : page.nextCursor;
  } while (cursor);
  return found;
}

/** By XMLHttpRequest, since fetch() does not tell how much was sent. `sent` goes from 0 to 1. */
export function putPicture(url: string, file: Blob, sent: (share: number) => void, signal: AbortSignal): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(HEADERS)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded }) => sent(file.size ? loaded / file.size : 1));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(request.response as Upload);
      else reject(apiError(request.status, request.response));
    });
    request.addEventListener("error", () => reject(offline()));
    request.addEventListener("abort", () => reject(new DOMException("left out", "AbortError")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** A smaller copy, at twice the pixels of the place it is for. */
export function sized(picture: string, width: number): string {
  const query = picture.includes("?") ? "&" : "?";
  return `${picture}${query}width=${Math.min(2048, width * 2)}`;
}
