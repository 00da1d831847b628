import { type ReactNode, useState } from "react";
import { sized } from "../api/api.ts";
import { useConfig, useGenerations } from "../api/queries.ts";
import type { JobDetail } from "../api/types.ts";
import { decimals } from "../job/timeline.ts";
import { heading } from "../job/words.ts";
import { useTitle } from "../ui/title.ts";
import { JobHead } from "./follow.tsx";
import { Diary, LifeFilm } from "./life.tsx";
import { type Order, OrderForm } from "./prints-order.tsx";
import { PrintWall } from "./prints-wall.tsx";

/** A model that is ready: what it learnt, and what it prints. */
export function PrintsPage({ job, notice }: { job: JobDetail; notice: ReactNode }) {
  useTitle(`${heading(job)} · ${job.name}`);
  const config = useConfig();
  const made = useGenerations(job);
  const [order, setOrder] = useState<Order>();
  const [coming, setComing] = useState<Order>();
  const asleep = job.state === "retired";
  return (
    <div className="page">
      {notice}
      <JobHead job={job} />
      <div className={asleep ? "" : "panel-and-work"}>
        {config.data && !asleep ? <OrderForm job={job} config={config.data} order={order} onOrder={setOrder} onComing={setComing} /> : null}
        <div className="work">
          {job.result ? <Compare job={job} result={job.result} /> : null}
          <PrintWall job={job} made={made.data ?? []} coming={coming} reuse={asleep ? undefined : setOrder} />
        </div>
      </div>
      <section className="after-work">
        <h2>How it got here</h2>
        <LifeFilm job={job} />
        <Diary job={job} />
      </section>
    </div>
  );
}

function Compare({ job, result }: { job: JobDetail; result: NonNullable<JobDetail["result"]> }) {
  if (!result.before || !result.after) return null;
  return (
    <section aria-labelledby="compare">
      <h2 id="compare">Compare</h2>
      <p className="quiet">The same words and the same seeds, before and after.</p>
      <div className="compare">
        <Compared picture={result.before} name="Untuned" likeness={result.likenessBefore} />
        <Compared picture={result.after} name={job.subject} likeness={result.likenessAfter} />
        <Verdict before={result.likenessBefore} after={result.likenessAfter} />
      </div>
    </section>
  );
}

function Compared({ picture, name, likeness }: { picture: string; name: string; likeness: number | null }) {
  return (
    <figure>
      <a href={picture} target="_blank" rel="noreferrer">
        <img src={sized(picture, 600)} alt={`Prints of ${name === "Untuned" ? "the untuned model" : `the model that knows ${name}`}`} />
      </a>
      <figcaption>
        <span>{name}</span>
        {likeness === null ? null : <span className="print">likeness {decimals(likeness)}</span>}
      </figcaption>
    </figure>
  );
}

/** What the comparison says, as a figure and in words. */
function Verdict({ before, after }: { before: number | null; after: number | null }) {
  if (before === null || after === null) return null;
  return (
    <div className="verdict">
      <p className="figure">{decimals(after)}</p>
      <p>
        {after > before
          ? `How like your pictures its prints are, from 0 to 1. The untuned model reached ${decimals(before)}.`
          : `Its prints are no closer to your pictures than the untuned model's, ${decimals(before)}. More, or more varied, pictures may help.`}
      </p>
    </div>
  );
}
