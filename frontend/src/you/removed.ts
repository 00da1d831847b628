/** What a receipt names as removed, sorted into what a designer knows. */

export const GROUPS = ["pictures", "prints", "training", "vertex", "documents", "other"] as const;
type GroupName = (typeof GROUPS)[number];
/** `open`: one of the names stands for all that begin like it, so there were at least as many. */
export type Group = { name: GroupName; names: readonly string[]; open: boolean };

const PLACES: readonly (readonly [GroupName, RegExp])[] = [
  ["documents", /^firestore:/],
  ["vertex", /^projects\//],
  ["pictures", /^gs:\/\/[^/]+\/(raw|clean)\//],
  ["prints", /^gs:\/\/[^/]+\/generations\//],
  ["training", /^gs:\/\/[^/]+\/runs\//],
];

/** In the order of GROUPS; none that is empty. */
export function grouped(removed: readonly string[]): Group[] {
  return GROUPS.flatMap((name) => {
    const names = removed.filter((each) => groupOf(each) === name).sort();
    return names.length > 0 ? [{ name, names, open: names.some((each) => each.endsWith("*")) }] : [];
  });
}

const groupOf = (name: string): GroupName => PLACES.find(([, place]) => place.test(name))?.[0] ?? "other";

/** Of the pictures, those that she chose: each is stored as it came and as it was cleaned, so both are one picture. */
export function pictures(names: readonly string[]): number {
  return new Set(
    names.map((name) =>
      name
        .split("/")
        .at(-1)
        ?.replace(/\.\w+$/, ""),
    ),
  ).size;
}
