/** The frames of a sheet that is being laid out: plain data, and what can be counted of it. */

import { sized } from "../api/client.ts";
import type { Upload } from "../api/types.ts";
import type { Look } from "./look.ts";
import type { Crop, Refusal } from "./prepared.ts";

/** reading: prepared here; waiting: in line, or until the service can be reached again; sending: on its way; checking: the service decodes it; here: verified;
 * refused: cannot be used; over: one more than fits; lost: announced elsewhere, and its bytes never came; stopped: needs a person. */
export type Phase = "reading" | "waiting" | "sending" | "checking" | "here" | "refused" | "over" | "lost" | "stopped";

/** What the service says of a picture that it refused. */
export type Rejection = { readonly code: "rejected"; readonly why: string; readonly text: string };

export type Frame = {
  readonly key: string;
  readonly fileName: string;
  /** Of what is sent; of the file as it came until that is known. */
  readonly size: number;
  readonly phase: Phase;
  /** 0 to 1 */
  readonly sent: number;
  readonly width: number;
  readonly height: number;
  /** Left out by the designer. */
  readonly crossed: boolean;
  /** How often sending it was tried in vain. */
  readonly tries: number;
  readonly type?: string;
  readonly crc32c?: string;
  /** The address of a small copy. */
  readonly picture?: string | undefined;
  readonly uploadId?: string | undefined;
  readonly url?: string | undefined;
  /** The frame that is this very picture. */
  readonly twin?: string | undefined;
  readonly refusal?: Refusal | Rejection | undefined;
  readonly error?: unknown;
  readonly look?: Look | undefined;
  /** The original said where it was taken; what is sent does not. */
  readonly located?: boolean;
  readonly crop?: Crop | undefined;
  /** What was said of the picture before it was cropped, which its new upload is told. */
  readonly caption?: string;
  /** The uploads that the service holds to be nearly the same. */
  readonly alike: readonly string[];
};

export type Limits = {
  readonly maxPictures: number;
  readonly minPictures: number;
  readonly minSide: number;
  readonly goodSide: number;
};

const UNDERWAY: ReadonlySet<Phase> = new Set<Phase>(["reading", "waiting", "sending", "checking"]);

export function chosen(file: { readonly name: string; readonly size: number }, key: string): Frame {
  const { name, size } = file;
  return { key, fileName: name, size, phase: "reading", sent: 0, width: 0, height: 0, crossed: false, tries: 0, alike: [] };
}

/** A picture that the service knows. */
export function fromUpload(upload: Upload): Frame {
  const { id, size, width, height, url, alike } = upload;
  const base: Frame = { ...chosen({ name: upload.fileName, size }, id), uploadId: id, width, height, url, alike };
  if (upload.state === "verified") return { ...base, phase: "here", sent: 1, picture: upload.picture ?? undefined };
  if (upload.state !== "rejected") return { ...base, phase: "lost" };
  return { ...base, phase: "refused", refusal: { code: "rejected", why: upload.failure?.code ?? "", text: upload.failure?.text ?? "" } };
}

export const isUnderway = (frame: Frame): boolean => UNDERWAY.has(frame.phase);

/** Whether it will be learnt from, once all that are underway are here. */
export const isKept = (frame: Frame): boolean => !frame.crossed && (frame.phase === "here" || isUnderway(frame));

/** As it goes on when somebody says that it should. */
export function startedAnew(frame: Frame): Frame {
  return frame.phase === "stopped" ? { ...frame, phase: "waiting", error: undefined, tries: 0 } : frame;
}

/** Whether it takes one of the places that the service has for pictures of a sheet. */
export const takesPlace = (frame: Frame): boolean => Boolean(frame.uploadId) && frame.phase !== "refused";

/** As film is numbered: 1, 2A, 3, 4A. */
export function frameNumber(index: number): string {
  return index % 2 ? `${index + 1}A` : `${index + 1}`;
}

/** The address of a copy for a place of that width. */
export function shownAt(frame: Frame, width: number): string | undefined {
  return frame.picture && (frame.picture.startsWith("blob:") ? frame.picture : sized(frame.picture, width));
}

/** The developed part of it, 0 to 1. */
export function developed(frame: Frame): number {
  if (frame.phase === "sending") return frame.sent;
  return frame.phase === "checking" || frame.phase === "here" ? 1 : 0;
}

/** The one that stands for the sheet: the chosen one, or the first that is kept. */
export function coverOf(frames: readonly Frame[], chosenKey: string | undefined): Frame | undefined {
  return frames.find((frame) => frame.key === chosenKey && isKept(frame)) ?? frames.find(isKept);
}

export type Tally = {
  readonly kept: number;
  readonly here: number;
  readonly underway: number;
  /** Those that will not come by themselves. */
  readonly stopped: number;
  readonly refused: number;
  readonly over: number;
  readonly crossed: number;
  readonly located: number;
  readonly bytes: number;
};

export function tally(frames: readonly Frame[]): Tally {
  const live = frames.filter((frame) => !frame.crossed);
  const count = (test: (frame: Frame) => boolean) => live.filter(test).length;
  const kept = live.filter(isKept);
  return {
    kept: kept.length,
    here: count((frame) => frame.phase === "here"),
    underway: count(isUnderway),
    stopped: count((frame) => frame.phase === "stopped" || frame.phase === "lost"),
    refused: count((frame) => frame.phase === "refused"),
    over: count((frame) => frame.phase === "over"),
    crossed: frames.length - live.length,
    located: kept.filter((frame) => frame.located).length,
    bytes: kept.reduce((sum, frame) => sum + frame.size, 0),
  };
}
