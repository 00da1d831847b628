/** A receipt in words: on the page, on paper and as a file it says the same. */

import type { Receipt } from "../api/types.ts";
import { clock, day } from "../words/format.ts";
import type { Language, Words } from "../words/words.ts";
import { kept, type Stay, type Term } from "./kept.ts";
import { grouped } from "./removed.ts";

type Say = Words["you"]["receipt"];

export const moment = (at: string, language: Language): string =>
  `${day(at, language)} ${new Date(at).getFullYear()}, ${clock(at, language)}`;

/** "7 days at most" */
export function howLong(term: Term, { until: say }: Say): string {
  return "count" in term ? say[term.of](term.count) : say[term.of];
}

/** A thing that this page does not know yet is said as the service says it. */
export const stayInWords = ({ name, text }: Stay, say: Say): string => (name ? say.stays[name] : text);

export function asText(receipt: Receipt, say: Say, language: Language): string {
  const head = [
    `${say.title} ${receipt.id}`,
    `${say.what}: ${say.scope[receipt.scope]}`,
    ...(receipt.jobId ? [`${say.of}: ${receipt.jobId}`] : []),
    `${say.asked}: ${moment(receipt.asked, language)}`,
    `${say.finished}: ${receipt.done ? moment(receipt.done, language) : say.notYet}`,
  ];
  const removed = grouped(receipt.removed).flatMap(({ name, names }) => [
    "",
    `${say.groups[name]} (${names.length})`,
    ...names.map((each) => `  ${each}`),
  ]);
  const stays = kept(receipt.kept).flatMap((stay) => [
    `  ${stayInWords(stay, say)}: ${howLong(stay.term, say)}`,
    ...stay.where.map((place) => `    ${place}`),
  ]);
  const sections = [
    head,
    ["", say.removed.toUpperCase(), ...(removed.length > 0 ? removed : [say.nothing])],
    ["", "", say.kept.toUpperCase(), ...stays],
  ];
  return `${sections.flat().join("\n")}\n`;
}
