/** What a receipt says of what stays for a while, as codes: the service says it in English only. */

export type Term = { of: "days" | "atMost"; count: number } | { of: "hours"; count: number } | { of: "job" | "operator" | "lasting" };
type StayName = "job" | "copies" | "backups" | "requests" | "steps" | "logs" | "metadata" | "usage" | "receipt";
/** Null is a name that is newer than this page: `text` says all that the service said. */
export type Stay = { name: StayName | null; where: readonly string[]; term: Term; text: string };

const KNOWN: readonly (readonly [StayName, RegExp])[] = [
  ["job", /^the job, its pictures/],
  ["copies", /^copies of deleted objects/],
  ["backups", /^backups of/],
  ["requests", /^answers to requests/],
  ["steps", /^what the steps of/],
  ["logs", /^log lines/],
  ["metadata", /^names and parameters/],
  ["usage", /what you used today/],
  ["receipt", /^this receipt/],
];
const PLACE = /(?:gs:\/\/|firestore:)[^\s,):]+/g;
const WORDS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3 };

export const kept = (said: readonly string[]): Stay[] => said.map(stay);

function stay(text: string): Stay {
  return { name: KNOWN.find(([, begins]) => begins.test(text))?.[0] ?? null, where: text.match(PLACE) ?? [], term: term(text), text };
}

function term(text: string): Term {
  if (/until you delete the job/.test(text)) return { of: "job" };
  if (/until an operator/.test(text)) return { of: "operator" };
  const [, count = "", unit, most] = /(\d+|one|two|three) (day|hour)s?( at most)?$/.exec(text) ?? [];
  if (!unit) return { of: "lasting" };
  const many = WORDS[count] ?? Number(count);
  return unit === "hour" ? { of: "hours", count: many } : { of: most ? "atMost" : "days", count: many };
}
