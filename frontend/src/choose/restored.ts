/** A sheet as it was left: what the service has of it, and what only this machine has. */

import type { Upload } from "../api/types.ts";
import { type Frame, fromUpload } from "./frames.ts";
import type { Kept, Mark, Negative, Note } from "./keeping.ts";
import type { Sheet } from "./sheet.ts";

export type Restored = {
  readonly frames: readonly Frame[];
  /** Of the kept ones, by the key that each frame has now. */
  readonly negatives: ReadonlyMap<string, Kept>;
  /** Keys under which nothing need be kept any longer. */
  readonly done: readonly string[];
};

export function restored(uploads: readonly Upload[], kept: readonly Kept[], note: Note | undefined): Restored {
  const leaving = new Set(note?.leaving);
  const rest = new Set(kept);
  const negatives = new Map<string, Kept>();
  const known = uploads
    .filter((upload) => !leaving.has(upload.id))
    .map((upload) => {
      const mine = [...rest].find(({ frame }) => isOf(frame, upload));
      if (mine) rest.delete(mine);
      const frame = mine ? together(mine.frame, upload) : fromUpload(upload);
      if (mine) negatives.set(frame.key, mine);
      return frame;
    });
  const unsent = [...rest].filter(({ frame }) => !frame.twin && (!frame.uploadId || frame.phase === "waiting"));
  for (const mine of unsent) negatives.set(mine.frame.key, mine);
  const frames = ordered([...known, ...unsent.map(({ frame }) => again(frame))], note?.marks ?? []);
  const done = kept.filter((mine) => ![...negatives.values()].includes(mine)).map(({ frame }) => frame.key);
  return { frames, negatives, done };
}

/** The answer to the request that announced it may have been lost: then its name and size say which it is. */
function isOf(frame: Frame, upload: Upload): boolean {
  if (frame.uploadId) return frame.uploadId === upload.id;
  return frame.fileName === upload.fileName && frame.size === upload.size && Boolean(frame.crc32c);
}

/** What the service says counts; what was seen here is added. */
function together(mine: Frame, upload: Upload): Frame {
  const theirs = fromUpload(upload);
  const seen = { key: mine.key, uploadId: upload.id, url: upload.url, alike: upload.alike, look: mine.look, crop: mine.crop };
  if (theirs.phase === "lost") return again({ ...mine, ...seen });
  return { ...theirs, ...seen, ...(mine.located ? { located: true } : {}) };
}

/** From the start of what could not be ended. */
function again(frame: Frame): Frame {
  if (frame.phase === "refused" || frame.phase === "over") return frame;
  return { ...frame, phase: frame.crc32c ? "waiting" : "reading", sent: 0, tries: 0 };
}

/** In the order that they were left in, and marked as they were; new ones at the end. */
function ordered(frames: readonly Frame[], marks: readonly Mark[]): Frame[] {
  const placed = frames.map((frame) => {
    const at = marks.findIndex(({ id }) => id === markOf(frame) || id === frame.key);
    return { frame: marked(frame, marks[at]), at: at < 0 ? marks.length : at };
  });
  return placed.sort((one, other) => one.at - other.at).map(({ frame }) => frame);
}

function marked(frame: Frame, mark: Mark | undefined): Frame {
  return mark ? { ...frame, crossed: mark.crossed, look: frame.look ?? mark.look, located: Boolean(frame.located) || mark.located } : frame;
}

/** With its picture, where this machine has it. */
export function seen(frame: Frame, kept: Negative | undefined): Frame {
  return kept?.preview ? { ...frame, picture: URL.createObjectURL(kept.preview) } : frame;
}

export function markOf(frame: Frame): string {
  return frame.uploadId ?? frame.key;
}

/** A sheet as it is to be found again. */
export function noteOf({ frames, cover, jobId }: Sheet, requestKey: string, leaving: readonly string[]): Note {
  const circled = frames.find(({ key }) => key === cover);
  const marks = frames.map((frame) => ({ id: markOf(frame), crossed: frame.crossed, look: frame.look, located: Boolean(frame.located) }));
  return { jobId, requestKey, cover: circled && markOf(circled), marks, leaving, at: Date.now() };
}
