/** What a sheet still needs before it can be developed. */

import type { Tally } from "../choose/frames.ts";
import { bare, isClassWord, isSubject, type Words } from "./described.ts";
import type { Clash } from "./merging.ts";

export type Missing =
  | { readonly what: "pictures"; readonly more: number }
  | { readonly what: "classWord" | "wrongClassWord" | "subject" | "clash" | "consent" };

/** In the order in which it is asked for. */
export function whatIsMissing(kept: Tally["kept"], fewest: number, words: Words, clash: Clash): Missing[] {
  const missing: Missing[] = [];
  if (kept < fewest) missing.push({ what: "pictures", more: fewest - kept });
  return [...missing, ...missingWords(words, clash)];
}

export function missingWords(words: Words, clash: Clash): Missing[] {
  const missing: Missing[] = [];
  if (!bare(words.classWord)) missing.push({ what: "classWord" });
  else if (!isClassWord(words.classWord)) missing.push({ what: "wrongClassWord" });
  if (!isSubject(words.subject)) missing.push({ what: "subject" });
  if (Object.keys(clash).length > 0) missing.push({ what: "clash" });
  if (!words.consent) missing.push({ what: "consent" });
  return missing;
}
