/** What there is to say about the frames of a sheet, each sentence once, with the frames that it is about. */

import { bytes } from "../words/format.ts";
import type { Language, Words } from "../words/words.ts";
import { NONE, type Remark, type Remarks } from "./coach.ts";
import { type Frame, frameNumber, type Limits } from "./frames.ts";

export type Said = { readonly key: string; readonly numbers: readonly string[]; readonly sentence: string };

type Say = Words["choose"]["remark"];
type One = { readonly frame: Frame; readonly number: string; readonly remark: Remark };

export function said(frames: readonly Frame[], remarks: Remarks, limits: Limits, say: Say, language: Language): Said[] {
  const all = frames.map((frame, at) => ({ frame, number: frameNumber(at), remark: remarks.get(frame.key) ?? NONE }));
  const live = all.filter(({ frame }) => !frame.crossed);
  const phase = (name: Frame["phase"]) => live.filter(({ frame }) => frame.phase === name);
  const about = (warning: "soft" | "small") => live.filter(({ remark }) => remark.warnings.includes(warning));
  return [
    ...phase("refused").map((one) => ({ key: one.frame.key, numbers: [one.number], sentence: refused(one.frame, frames, say, language) })),
    ...together("over", phase("over"), (count) => say.over(limits.maxPictures, count)),
    ...together("lost", phase("lost"), say.lost),
    ...live.flatMap((one) => near(one, frames, say)),
    ...together("soft", about("soft"), say.soft),
    ...together("small", about("small"), (count) => say.small(count, limits.goodSide)),
  ];
}

function together(key: string, ones: readonly One[], sentence: (count: number) => string): Said[] {
  return ones.length === 0 ? [] : [{ key, numbers: ones.map(({ number }) => number), sentence: sentence(ones.length) }];
}

function near({ frame, number, remark }: One, frames: readonly Frame[], say: Say): Said[] {
  if (!remark.near) return [];
  return [{ key: `near ${frame.key}`, numbers: [number], sentence: say.near(frameNumber(frames.indexOf(remark.near))) }];
}

function refused({ fileName, refusal, twin }: Frame, frames: readonly Frame[], say: Say, language: Language): string {
  if (twin) return say.twin(fileName, frameNumber(frames.findIndex(({ key }) => key === twin)));
  switch (refusal?.code) {
    case "kind":
      return say.kind(fileName, refusal.kind);
    case "small":
      return say.tooSmall(fileName, refusal.width, refusal.height, refusal.least);
    case "large":
      return say.large(fileName, bytes(refusal.size, language), bytes(refusal.most, language));
    case "rejected":
      return say.rejected(fileName, refusal.why, refusal.text);
    default:
      return say.unreadable(fileName);
  }
}
