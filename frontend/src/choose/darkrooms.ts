/** The darkrooms of this window: one for each sheet, for as long as the window is open. */

import type { Description } from "../api/jobs.ts";
import type { JobDetail, Upload } from "../api/types.ts";
import { written } from "../describe/described.ts";
import { claim } from "./alone.ts";
import { Darkroom } from "./darkroom.ts";
import type { Limits } from "./frames.ts";
import { Keeping, keptSheets } from "./keeping.ts";
import { browserShelf } from "./shelf.ts";

const shelf = browserShelf();
const darkrooms = new Map<string, Darkroom>();
const copies = new Map<string, Darkroom>();
let fresh: Darkroom | undefined;

/** The darkroom of a draft: what the service knows of it, and what this machine has kept. */
export function darkroomOf(job: JobDetail, limits: Limits): Darkroom {
  const there = darkrooms.get(job.id) ?? [fresh, ...copies.values()].find((each) => each?.sheet().jobId === job.id);
  const darkroom = there ?? new Darkroom({ limits, words: written(job), shelf, job }, nameOf(job.id));
  darkrooms.set(job.id, darkroom);
  return darkroom;
}

/** The darkroom of a new sheet, the same one until it has become a job. One that was left before it became one is gone on with. */
export function newDarkroom(limits: Limits, words: Description): Darkroom {
  if (!fresh || fresh.sheet().jobId) fresh = new Darkroom({ limits, words, shelf }, leftBehind());
  return fresh;
}

/** The darkroom of a new sheet that begins with the pictures and the words of another one. */
export function copyOf(job: JobDetail, limits: Limits): Darkroom {
  const there = copies.get(job.id);
  if (there && !there.sheet().jobId) return there;
  const darkroom = new Darkroom({ limits, words: { ...written(job), name: job.name, method: job.method }, shelf }, newName());
  copies.set(job.id, darkroom);
  const verified = job.uploads.filter(({ picture }) => picture);
  Promise.all(verified.map(fileOf)).then((files) => darkroom.add(files.filter((file) => file !== undefined)));
  return darkroom;
}

async function fileOf({ picture, fileName }: Upload): Promise<File | undefined> {
  const answer = await fetch(picture ?? "").catch(() => undefined);
  return answer?.ok ? new File([await answer.blob()], fileName) : undefined;
}

/** After the sheet was handed in, or is gone: this machine keeps nothing of it any longer. */
export async function leaveDarkroom(jobId: string): Promise<void> {
  const darkroom = darkrooms.get(jobId);
  darkrooms.delete(jobId);
  if (fresh === darkroom) fresh = undefined;
  await darkroom?.close();
}

/** A sheet that became a job here goes on under the name that it began with. */
async function nameOf(jobId: string): Promise<string> {
  const sheets = await keptSheets(shelf).catch(() => []);
  return sheets.find(({ note }) => note.jobId === jobId)?.id ?? jobId;
}

async function leftBehind(): Promise<string> {
  const sheets = await keptSheets(shelf).catch(() => []);
  const without = sheets.filter(({ note }) => !note.jobId).sort((one, other) => other.note.at - one.note.at);
  for (const { id } of without) if (await claimed(id)) return id;
  return newName();
}

async function newName(): Promise<string> {
  const id = `new-${crypto.randomUUID()}`;
  await claim(`sheet ${id}`);
  return id;
}

/** A page that was just reloaded may hold its claim a moment longer. */
async function claimed(id: string): Promise<boolean> {
  for (let tries = 0; tries < 4; tries++) {
    if (await claim(`sheet ${id}`)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** What is kept of a sheet that nobody will come back to. */
export async function forget(id: string): Promise<void> {
  await new Keeping(id, shelf, () => {}).forget();
}

export const sheetsKept = () => keptSheets(shelf).catch(() => []);
