/** What each picture shows, in words. */

import { answered, client } from "./client.ts";
import type { Upload } from "./types.ts";

export const captionUpload = (job_id: string, upload_id: string, caption: string): Promise<Upload> =>
  answered(client.PATCH("/v1/jobs/{job_id}/uploads/{upload_id}", { params: { path: { job_id, upload_id } }, body: { caption } }));
