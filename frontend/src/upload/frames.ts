/** The frames of a sheet that is being laid out: plain data, and what can be said about it. */

import type { Upload } from "../api/types.ts";
import type { Seen } from "./inspector.ts";

/** reading: looked at here; waiting, sending: on its way; checking: the service decodes it; here: verified; refused: cannot be used;
 * lost: announced, but its bytes never came, and the file must be chosen again; stopped: sending failed. */
export type Phase = "reading" | "waiting" | "sending" | "checking" | "here" | "refused" | "lost" | "stopped";

export type Frame = {
  readonly key: string;
  readonly fileName: string;
  readonly size: number;
  readonly phase: Phase;
  /** 0 to 1 */
  readonly sent: number;
  readonly width: number;
  readonly height: number;
  /** Left out by the designer. */
  readonly crossed: boolean;
  readonly file?: File;
  readonly crc32c?: string;
  readonly type?: string;
  readonly picture?: string;
  readonly uploadId?: string;
  readonly url?: string;
  /** The frame that shows the same picture. */
  readonly twin?: string | undefined;
  /** Why it cannot be used, as a sentence; `note` is the same in two words. */
  readonly sentence?: string | undefined;
  readonly note?: string | undefined;
};

export type Limits = {
  readonly maxPictures: number;
  readonly minPictures: number;
  readonly maxPictureBytes: number;
  readonly minSide: number;
  readonly goodSide: number;
};

const UNDERWAY: ReadonlySet<Phase> = new Set(["reading", "waiting", "sending", "checking"]);

export function chosen(file: File, key: string): Frame {
  return { key, fileName: file.name, size: file.size, phase: "reading", sent: 0, width: 0, height: 0, crossed: false, file };
}

export function fromUpload(upload: Upload): Frame {
  const { id, fileName, size, width, height, url } = upload;
  const base = { key: id, uploadId: id, fileName, size, width, height, url, crossed: false };
  if (upload.state === "verified") return { ...base, phase: "here", sent: 1, ...(upload.picture ? { picture: upload.picture } : {}) };
  if (upload.state === "rejected")
    return { ...base, phase: "refused", sent: 0, note: "refused", sentence: upload.failure?.text ?? `${fileName} cannot be used.` };
  return { ...base, phase: "lost", sent: 0, note: "not here", sentence: `${fileName} did not arrive. Choose it again, or remove it.` };
}

/** Whether a file that was looked at can be sent; if not, why. */
export function judged(frame: Frame, seen: Seen, others: readonly Frame[], limits: Limits): Frame {
  const { crc32c, kind, width, height } = seen;
  const known: Frame = { ...frame, crc32c, type: kind.type, width, height };
  const refuse = (note: string, sentence: string): Frame => ({ ...known, phase: "refused", note, sentence });
  if (!kind.type) {
    const what = kind.name ? ` (it is ${kind.name})` : "";
    return refuse("not a picture", `${frame.fileName} is not a picture we can read${what}. Export it as JPEG, PNG or WebP.`);
  }
  if (frame.size > limits.maxPictureBytes) {
    return refuse(
      "too large",
      `${frame.fileName} is ${megabytes(frame.size)}; ${megabytes(limits.maxPictureBytes)} is the most. Export it smaller.`,
    );
  }
  const twin = others.find((other) => other.crc32c === crc32c && other.size === frame.size && other.phase !== "refused");
  if (twin)
    return { ...refuse("twin", `${frame.fileName} is the same picture as ${twin.fileName}. One of them is enough.`), twin: twin.key };
  if (width && Math.min(width, height) < limits.minSide) {
    return refuse(
      "too small",
      `${frame.fileName} is only ${width} by ${height} pixels. There is nothing to learn below ${limits.minSide}.`,
    );
  }
  return { ...known, phase: "waiting" };
}

/** As film is numbered: 1, 2A, 3, 4A. */
export function frameNumber(index: number): string {
  return index % 2 ? `${index + 1}A` : `${index + 1}`;
}

/** The one fact on the right of the frame's edge. */
export function fact(frame: Frame, frames: readonly Frame[], limits: Limits): string {
  if (frame.crossed) return "left out";
  const twin = frames.findIndex((other) => other.key === frame.twin);
  if (twin >= 0) return `twin of ${frameNumber(twin)}`;
  switch (frame.phase) {
    case "reading":
      return "reading";
    case "waiting":
      return "in line";
    case "sending":
      return `${Math.round(frame.sent * 100)} %`;
    case "checking":
      return "checking";
    case "here":
      return isSmall(frame, limits) ? "small" : `${frame.width}×${frame.height}`;
    default:
      return frame.note ?? "stopped";
  }
}

export function isSmall(frame: Frame, limits: Limits): boolean {
  return frame.width > 0 && Math.min(frame.width, frame.height) < limits.goodSide;
}

export type Tally = {
  /** Those that will be learnt from, once all that are underway are here. */
  readonly kept: number;
  readonly here: number;
  readonly underway: number;
  readonly stopped: number;
  readonly refused: number;
  readonly bytes: number;
};

export function tally(frames: readonly Frame[]): Tally {
  const live = frames.filter((frame) => !frame.crossed);
  const count = (test: (frame: Frame) => boolean) => live.filter(test).length;
  return {
    kept: count((frame) => frame.phase === "here" || UNDERWAY.has(frame.phase)),
    here: count((frame) => frame.phase === "here"),
    underway: count((frame) => UNDERWAY.has(frame.phase)),
    stopped: count((frame) => frame.phase === "stopped" || frame.phase === "lost"),
    refused: frames.filter((frame) => frame.phase === "refused").length,
    bytes: live.filter((frame) => frame.phase !== "refused").reduce((sum, frame) => sum + frame.size, 0),
  };
}

export function megabytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
