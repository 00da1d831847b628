/** What was said and written of the sheet that is open, as the pages read it. */

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { queries } from "../api/queries.ts";
import type { JobDetail, Upload } from "../api/types.ts";
import { captionsOf } from "./captions.ts";
import { draftOf } from "./draft.ts";

export function useDraft(job: JobDetail) {
  const draft = draftOf(job, keepJob);
  const said = useSyncExternalStore(draft.watch, draft.said);
  useEffect(() => draft.seen(job), [draft, job]);
  return { draft, said };
}

export function useCaptions(job: JobDetail) {
  const told = useMemo(() => (upload: Upload) => keepUpload(job.id, upload), [job.id]);
  const book = captionsOf(job, told);
  const captions = useSyncExternalStore(book.watch, book.captions);
  useEffect(() => book.seen(job), [book, job]);
  return { book, captions };
}

function keepJob(job: JobDetail): void {
  queries.setQueryData(["job", job.id], job);
}

function keepUpload(id: string, upload: Upload): void {
  const changed = (job: JobDetail) => job.uploads.map((each) => (each.id === upload.id ? { ...each, caption: upload.caption } : each));
  queries.setQueryData<JobDetail>(["job", id], (job) => job && { ...job, uploads: changed(job) });
}
