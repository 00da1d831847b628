/** Uploads of a window that was closed go on in the next one, whatever page it shows. */

import { readConfig } from "../api/account.ts";
import { readJob } from "../api/jobs.ts";
import { ApiError } from "../api/problems.ts";
import { queries } from "../api/queries.ts";
import { darkroomOf, forget, sheetsKept } from "./darkrooms.ts";
import type { Note } from "./keeping.ts";

/** A new sheet that nobody came back to is forgotten after this. */
const FORGOTTEN_MS = 14 * 24 * 3600 * 1000;

export async function goOn(): Promise<void> {
  for (const { id, note } of await sheetsKept()) {
    if (note.jobId) await open(id, note.jobId).catch(() => {});
    else if (isForgotten(note)) await forget(id);
  }
}

async function open(id: string, jobId: string): Promise<void> {
  try {
    const [job, config] = await Promise.all([readJob(jobId), queries.ensureQueryData({ queryKey: ["config"], queryFn: readConfig })]);
    if (job.state === "draft" || job.state === "uploading") darkroomOf(job, config.limits);
    else await forget(id);
  } catch (error) {
    if (error instanceof ApiError && error.code === "NOT_FOUND") await forget(id);
  }
}

function isForgotten(note: Note): boolean {
  return Date.now() - note.at > FORGOTTEN_MS;
}
