import { useState } from "react";
import { sized } from "../api/client.ts";
import type { JobDetail } from "../api/types.ts";
import { Tile, useTileCount } from "../follow/tiles.tsx";
import { Segments } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";
import { Divider } from "./divider.tsx";
import { Seeds } from "./seeds.tsx";

type Result = NonNullable<JobDetail["result"]>;
type View = "beside" | "divider";

/** The same words and the same seed, before and after. */
export function Compare({ job, result: { before, after } }: { job: JobDetail; result: Result }) {
  const { result: say } = useWords();
  const [view, setView] = useState<View>("beside");
  const [seed, setSeed] = useState(0);
  const count = useTileCount(after ? sized(after, 1024) : undefined);
  if (!before || !after || count === 0) return <p className="quiet">{say.pictureGone}</p>;
  const pair = { job, before, after, at: Math.min(seed, (count ?? 1) - 1), of: count };
  return (
    <section className="compared" aria-labelledby="compare">
      <div className="compared-head">
        <h2 id="compare">{say.compare}</h2>
        <Segments<View> label={say.view} labelUnseen value={view} onChange={setView} options={options(say.views)} />
      </div>
      {view === "beside" ? <Beside {...pair} /> : <Divider {...pair} />}
      <p className="quiet">{say.compareLead(job.prompt)}</p>
      {count && count > 1 ? <Seeds picture={sized(after, 1024)} count={count} chosen={pair.at} choose={setSeed} /> : null}
    </section>
  );
}

function options(views: Readonly<Record<View, string>>) {
  return (["beside", "divider"] as const).map((id) => ({ id, label: views[id] }));
}

/** `of` is absent until the pictures are here. */
export type Pair = { job: JobDetail; before: string; after: string; at: number; of: number | undefined };

function Beside({ job, before, after, at, of }: Pair) {
  const { result: say } = useWords();
  return (
    <div className="beside">
      <figure>
        <div className="plate plate-square">{of ? <Tile picture={before} alt={say.altBefore(job.prompt)} at={at} of={of} /> : null}</div>
        <figcaption>{say.before}</figcaption>
      </figure>
      <figure>
        <div className="plate plate-square">{of ? <Tile picture={after} alt={say.altAfter(job.prompt)} at={at} of={of} /> : null}</div>
        <figcaption>{say.after(job.subject)}</figcaption>
      </figure>
    </div>
  );
}
