import type { Job } from "../api/types.ts";
import { Segments } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";
import { GROUPS, type Group, inGroup } from "./groups.ts";

type FilterProps = {
  all: readonly Job[];
  /** Whether there are sheets that were not fetched, and so not counted. */
  more: boolean;
  group: Group;
  choose(group: Group): void;
};

/** Which of many sheets are shown. */
export default function Filter({ all, more, group, choose }: FilterProps) {
  const { sheets: say } = useWords();
  const count = (id: Group) => `${all.filter((job) => inGroup(job.state, id)).length}${more ? "+" : ""}`;
  const options = GROUPS.map((id) => ({ id, label: say.counted(say.groups[id], count(id)) }));
  return <Segments label={say.filter} labelUnseen value={group} options={options} onChange={choose} />;
}
