import "./consequences.css";

type Props = { goes: string; going: readonly string[]; stays: string; staying: readonly string[] };

/** What a deletion takes, and what it leaves, before anybody agrees to it. */
export function Consequences({ goes, going, stays, staying }: Props) {
  return (
    <div className="consequences">
      <Named title={goes} things={going} />
      <Named title={stays} things={staying} />
    </div>
  );
}

function Named({ title, things }: { title: string; things: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {things.map((thing) => (
          <li key={thing}>{thing}</li>
        ))}
      </ul>
    </div>
  );
}
