/** What the other pages of a job know of its pictures, kept up to date while they come and go. */

import { captionUpload } from "../api/captions.ts";
import { queries } from "../api/queries.ts";
import type { JobDetail, Upload } from "../api/types.ts";

export function jobMade(job: JobDetail): void {
  queries.setQueryData(["job", job.id], job);
  queries.invalidateQueries({ queryKey: ["me"] });
  queries.invalidateQueries({ queryKey: ["jobs"] });
}

export function jobChanged(job: JobDetail): void {
  queries.setQueryData(["job", job.id], job);
  queries.invalidateQueries({ queryKey: ["jobs"] });
}

/** A cropped picture is a new upload, which is told the `caption` of the one that it was. */
export function pictureCame(jobId: string | undefined, upload: Upload, caption = ""): void {
  if (!jobId) return;
  change(jobId, (uploads) => {
    const there = uploads.some(({ id }) => id === upload.id);
    return there
      ? uploads.map((each) => (each.id === upload.id ? { ...upload, caption: each.caption, alike: each.alike } : each))
      : [...uploads, upload];
  });
  if (caption && caption !== upload.caption) {
    captionUpload(jobId, upload.id, caption).then(
      (told) => change(jobId, (uploads) => uploads.map((each) => (each.id === told.id ? { ...each, caption } : each))),
      () => {},
    );
  }
}

export function pictureLeft(jobId: string | undefined, uploadId: string): void {
  change(jobId, (uploads) => uploads.filter(({ id }) => id !== uploadId));
}

export function captionOf(jobId: string | undefined, uploadId: string | undefined): string {
  const job = queries.getQueryData<JobDetail>(["job", jobId]);
  return job?.uploads.find(({ id }) => id === uploadId)?.caption ?? "";
}

function change(jobId: string | undefined, to: (uploads: Upload[]) => Upload[]): void {
  queries.setQueryData<JobDetail>(["job", jobId], (job) => {
    if (!job) return job;
    const uploads = to(job.uploads);
    const count = (state: Upload["state"]) => uploads.filter((upload) => upload.state === state).length;
    return {
      ...job,
      uploads,
      pictures: count("verified"),
      counts: { pending: count("pending"), verified: count("verified"), rejected: count("rejected") },
    };
  });
}
