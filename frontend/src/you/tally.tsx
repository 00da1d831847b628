import type { Receipt } from "../api/types.ts";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { GROUPS, type Group, grouped, pictures } from "./removed.ts";

const SHOWN = GROUPS.filter((name) => name !== "other");

/** How much went, on frames that are empty now. */
export function Tally({ receipt }: { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const groups = grouped(receipt.removed);
  return (
    <Film className="film-row" edge={<span>{`${say.number(receipt.id)} ▸ ${receipt.done ? say.done : say.due}`}</span>}>
      <ul className="strip tally">
        {SHOWN.map((name) => (
          <Count key={name} name={name} group={groups.find((group) => group.name === name)} />
        ))}
      </ul>
    </Film>
  );
}

function Count({ name, group }: { name: (typeof SHOWN)[number]; group: Group | undefined }) {
  const { receipt: say } = useWords().you;
  const language = useLanguage();
  const count = group ? (name === "pictures" ? pictures(group.names) : group.names.length) : 0;
  const figure = number(count, language);
  return (
    <li className="frame">
      <Plate className="plate-words">
        <p className="tally-figure" data-none={count === 0 || undefined}>
          {group?.open ? say.atLeast(figure) : figure}
        </p>
      </Plate>
      <Edge left={say.groups[name]} />
    </li>
  );
}
