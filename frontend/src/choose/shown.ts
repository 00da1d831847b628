/** What is drawn of each frame: the very same object as before where nothing of it has changed, so that only frames that have are drawn anew. */

import { useRef } from "react";
import type { Words } from "../words/words.ts";
import { NONE, type Remarks } from "./coach.ts";
import { factOf } from "./edge.ts";
import { coverOf, developed, type Frame, frameNumber, isKept, type Phase, shownAt } from "./frames.ts";
import type { Sheet } from "./sheet.ts";

export type Shown = {
  /** The frame's key. */
  readonly id: string;
  readonly number: string;
  readonly fileName: string;
  readonly phase: Phase;
  readonly picture: string | undefined;
  /** In percent. */
  readonly developed: number;
  readonly crossed: boolean;
  /** The designer's own circle; the first picture is the cover without one. */
  readonly circled: boolean;
  readonly cover: boolean;
  readonly usable: boolean;
  readonly fact: string;
  readonly loud: boolean;
};

/** In the width of a frame on a wide page, at which a small copy is asked for. */
const WIDTH = 200;

export function useShown(sheet: Sheet, remarks: Remarks, say: Words["choose"]["edge"]): Shown[] {
  const last = useRef<readonly Shown[]>([]);
  const cover = coverOf(sheet.frames, sheet.cover);
  const now = sheet.frames.map((frame, at) => {
    const next = shownOf(frame, at, sheet, cover, remarks, say);
    const before = last.current.find(({ id }) => id === next.id);
    return before && isSame(before, next) ? before : next;
  });
  last.current = now;
  return now;
}

function shownOf(frame: Frame, at: number, sheet: Sheet, cover: Frame | undefined, remarks: Remarks, say: Words["choose"]["edge"]): Shown {
  const fact = factOf(frame, remarks.get(frame.key) ?? NONE, sheet.frames, say);
  return {
    id: frame.key,
    number: frameNumber(at),
    fileName: frame.fileName,
    phase: frame.phase,
    picture: shownAt(frame, WIDTH),
    developed: Math.round(developed(frame) * 100),
    crossed: frame.crossed,
    circled: frame.key === sheet.cover && !frame.crossed,
    cover: frame === cover,
    usable: isKept(frame) && frame.phase !== "reading",
    fact: frame === cover && fact.plain ? say.cover : fact.text,
    loud: fact.loud,
  };
}

function isSame(one: Shown, other: Shown): boolean {
  return Object.entries(one).every(([field, value]) => value === other[field as keyof Shown]);
}
