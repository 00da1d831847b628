/** The only place that talks to the service. Every call answers or throws ApiError. */

import createClient from "openapi-fetch";
import type { paths } from "../generated/schema.d.ts";
import { apiError, offline } from "./problems.ts";
import type { Generation, JobDetail, NewGeneration, Upload } from "./types.ts";

const HEADERS = { "X-Requested-With": "XMLHttpRequest" };
const client = createClient<paths>({ headers: HEADERS, cache: "no-store" });

type Answered<Data> = { data?: Data; error?: unknown; response: Response };

async function answered<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch(() => {
    throw offline();
  });
  if (!response.ok) throw apiError(response.status, error);
  return data as Data;
}

const at = (job_id: string) => ({ params: { path: { job_id } } });

export const readMe = () => answered(client.GET("/v1/me"));

export const readConfig = () => answered(client.GET("/v1/config"));

export const listJobs = (cursor?: string) => answered(client.GET("/v1/jobs", { params: { query: cursor ? { cursor } : {} } }));

const kept = new Map<string, { etag: string; job: JobDetail }>();

/** The job; where it has not changed since it was last read here, that very object again. */
export async function readJob(id: string): Promise<JobDetail> {
  const before = kept.get(id);
  const headers = before ? { "If-None-Match": before.etag } : {};
  const call = client.GET("/v1/jobs/{job_id}", { ...at(id), headers }).catch(() => {
    throw offline();
  });
  const { data, error, response } = await call;
  if (response.status === 304 && before) return before.job;
  if (!data) throw apiError(response.status, error);
  kept.set(id, { etag: response.headers.get("ETag") ?? "", job: data });
  return data;
}

export type Description = { name: string; subject: string; classWord: string };

export const createJob = (description: Description, key: string) =>
  answered(client.POST("/v1/jobs", { params: { header: { "Idempotency-Key": key } }, body: { ...description, method: "dreambooth" } }));

export const changeJob = (id: string, description: Description) =>
  answered(client.PATCH("/v1/jobs/{job_id}", { ...at(id), body: description }));

export const submitJob = (id: string) => answered(client.POST("/v1/jobs/{job_id}/submit", at(id)));

export const cancelJob = (id: string) => answered(client.POST("/v1/jobs/{job_id}/cancel", at(id)));

export const retryJob = (id: string) => answered(client.POST("/v1/jobs/{job_id}/retry", at(id)));

export type Announced = { fileName: string; size: number; crc32c: string; contentType: string };

export const registerUploads = async (id: string, uploads: Announced[]): Promise<Upload[]> =>
  (await answered(client.POST("/v1/jobs/{job_id}/uploads", { ...at(id), body: { uploads } }))).uploads;

export const removeUpload = (job_id: string, upload_id: string) =>
  answered(client.DELETE("/v1/jobs/{job_id}/uploads/{upload_id}", { params: { path: { job_id, upload_id } } }));

export const generate = (id: string, body: NewGeneration, key: string): Promise<Generation> =>
  answered(client.POST("/v1/jobs/{job_id}/generations", { params: { path: { job_id: id }, header: { "Idempotency-Key": key } }, body }));

export const listGenerations = (id: string) => answered(client.GET("/v1/jobs/{job_id}/generations", at(id)));

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
