/** What is used of a day, as shares to draw. */

import type { Me } from "../api/types.ts";

export type Allowed = { name: "pictures" | "bytes" | "gpuMinutes" | "sheets"; used: number; limit: number };

export const allowances = ({ quota, openJobs, maxOpenJobs }: Pick<Me, "quota" | "openJobs" | "maxOpenJobs">): Allowed[] => [
  { name: "pictures", ...quota.pictures },
  { name: "bytes", ...quota.bytes },
  { name: "gpuMinutes", ...quota.gpuMinutes },
  { name: "sheets", used: openJobs, limit: maxOpenJobs },
];

/** Never below nothing: a limit may have been lowered since. */
export const left = ({ used, limit }: Pick<Allowed, "used" | "limit">): number => Math.max(0, limit - used);

/** 0 to 100. What has no room at all is full. */
export function percent({ used, limit }: Pick<Allowed, "used" | "limit">): number {
  return limit > 0 ? Math.min(100, (used / limit) * 100) : 100;
}
