import type { Receipt } from "../api/types.ts";
import { Fold } from "../library/fold.tsx";
import { useWords } from "../words/words.ts";
import { kept, type Stay } from "./kept.ts";
import { howLong, stayInWords } from "./receipt-text.ts";
import { type Group, grouped } from "./removed.ts";

/** Each name of what went, group by group. */
export function Removed({ receipt }: { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const groups = grouped(receipt.removed);
  return (
    <section aria-labelledby="removed">
      <h2 id="removed">{receipt.done ? say.removed : say.removedSoFar}</h2>
      {groups.length === 0 ? <p className="quiet">{receipt.done ? say.nothing : say.nothingYet}</p> : null}
      {groups.map((group) => (
        <Names key={group.name} group={group} />
      ))}
    </section>
  );
}

function Names({ group }: { group: Group }) {
  const { receipt: say } = useWords().you;
  return (
    <Fold title={say.groups[group.name]} fact={say.things(group.names.length)}>
      <ul className="names">
        {group.names.map((name) => (
          <li key={name} className="print">
            {name}
            {name.endsWith("*") ? ` (${say.all})` : ""}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

/** What is not gone yet, and when it will be. */
export function Kept({ receipt }: { receipt: Receipt }) {
  const { receipt: say } = useWords().you;
  const stays = kept(receipt.kept);
  return (
    <section aria-labelledby="kept">
      <h2 id="kept">{say.kept}</h2>
      {stays.length === 0 ? <p className="quiet">{receipt.done ? say.keptNothing : say.nothingYet}</p> : null}
      <dl className="stays">
        {stays.map((stay) => (
          <Staying key={stay.text} stay={stay} />
        ))}
      </dl>
    </section>
  );
}

function Staying({ stay }: { stay: Stay }) {
  const { receipt: say } = useWords().you;
  return (
    <div>
      <dt>
        {stayInWords(stay, say)}
        {stay.where.map((place) => (
          <code key={place} className="print">
            {place}
          </code>
        ))}
      </dt>
      {stay.name ? <dd>{howLong(stay.term, say)}</dd> : null}
    </div>
  );
}
