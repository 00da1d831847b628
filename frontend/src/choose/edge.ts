/** The one fact on the right of a frame's edge. */

import type { Words } from "../words/words.ts";
import type { Remark } from "./coach.ts";
import { type Frame, frameNumber } from "./frames.ts";

/** `loud`: something to look at. `plain`: all is well, and it only says how large the picture is. */
export type Fact = { readonly text: string; readonly loud: boolean; readonly plain?: true };

export function factOf(frame: Frame, remark: Remark, frames: readonly Frame[], say: Words["choose"]["edge"]): Fact {
  if (frame.crossed) return quiet(say.crossed);
  const twin = frames.findIndex(({ key }) => key === frame.twin);
  if (twin >= 0) return loud(say.twin(frameNumber(twin)));
  switch (frame.phase) {
    case "reading":
    case "checking":
      return quiet(say[frame.phase]);
    case "waiting":
      return frame.tries > 0 ? loud(say.again) : quiet(say.waiting);
    case "sending":
      return quiet(say.sending(Math.round(frame.sent * 100)));
    case "here":
      return warned(remark, frames, say) ?? { ...quiet(say.here(frame.width, frame.height)), plain: true as const };
    case "refused":
      return loud(refusal(frame, say));
    default:
      return loud(say[frame.phase]);
  }
}

function warned({ warnings: [first], near }: Remark, frames: readonly Frame[], say: Words["choose"]["edge"]): Fact | undefined {
  if (!first) return undefined;
  return loud(first === "near" ? say.near(frameNumber(near ? frames.indexOf(near) : 0)) : say[first]);
}

function refusal(frame: Frame, say: Words["choose"]["edge"]): string {
  const code = frame.refusal?.code ?? "rejected";
  return code === "small" ? say.tooSmall : say[code];
}

const loud = (text: string): Fact => ({ text, loud: true });
const quiet = (text: string): Fact => ({ text, loud: false });
