/** Pictures on their way to the service. */

import { answered, client, HEADERS } from "./client.ts";
import { apiError, offline } from "./problems.ts";
import type { Upload } from "./types.ts";

export type Announced = { fileName: string; size: number; crc32c: string; contentType: string };

const at = (job_id: string, upload_id: string) => ({ params: { path: { job_id, upload_id } } });

/** The answers are in the order of what is announced. */
export const registerUploads = async (id: string, uploads: Announced[]): Promise<Upload[]> =>
  (await answered(client.POST("/v1/jobs/{job_id}/uploads", { params: { path: { job_id: id } }, body: { uploads } }))).uploads;

export const readUpload = (jobId: string, uploadId: string): Promise<Upload> =>
  answered(client.GET("/v1/jobs/{job_id}/uploads/{upload_id}", at(jobId, uploadId)));

export const removeUpload = (jobId: string, uploadId: string) =>
  answered(client.DELETE("/v1/jobs/{job_id}/uploads/{upload_id}", at(jobId, uploadId)));

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
