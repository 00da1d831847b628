/** A job's state in sentences: what the page is headed with, and what happens next. */

import type { JobDetail } from "../api/types.ts";
import { duration } from "../job/duration.ts";
import { isFinishing } from "../job/journey.ts";
import { number } from "../words/format.ts";
import type { Language, Words } from "../words/words.ts";
import { kindOf } from "./failures.ts";
import type { Range } from "./remaining.ts";
import type { Shown } from "./timeline.ts";

type Say = Words["follow"];

/** A job that is not handed in yet has pages of its own. */
function shown(job: Pick<JobDetail, "state">): Shown {
  return job.state === "draft" || job.state === "uploading" ? "uploaded" : job.state;
}

export function heading(job: JobDetail, say: Say, language: Language): string {
  const { step, total } = job.progress;
  if (job.state === "failed") return say.failures[kindOf(job.failure)].sentence;
  if (isFinishing(job)) return say.finishing;
  if (job.state === "training" && total > 0) return say.developing(number(step, language), number(total, language));
  return say.headings[shown(job)];
}

export function lead(job: JobDetail, say: Say): string {
  if (job.state === "failed") return say.failures[kindOf(job.failure)].cause;
  return isFinishing(job) ? say.finishingLead : say.next[shown(job)](job.pictures);
}

const LONG_S = 90 * 60;

/** "Between 4 and 9 more minutes." */
export function inMinutes(range: Range, say: Say): string {
  const words = say.range;
  if (range.is === "unknown") return words.unknown;
  if (range.is === "over") return words.over(duration(range.usual * 1000));
  const long = range.high > LONG_S;
  if (range.is === "at most") return long ? words.atMostLong(duration(range.high * 1000)) : words.atMost(Math.ceil(range.high / 60));
  if (long) return words.long(duration(range.low * 1000), duration(range.high * 1000));
  return words.between(Math.floor(range.low / 60), Math.ceil(range.high / 60));
}
