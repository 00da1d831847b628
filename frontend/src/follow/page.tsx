import { useEffect, useRef } from "react";
import { useConfig, useEstimate } from "../api/queries.ts";
import type { JobDetail } from "../api/types.ts";
import { useJobHere } from "../job/frame.tsx";
import { Head } from "../job/head.tsx";
import { isUnderway } from "../job/journey.ts";
import { announce } from "../ui/announce.tsx";
import { useTitle } from "../ui/title.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { Actions } from "./actions.tsx";
import { Curve } from "./curve.tsx";
import { Diary } from "./diary.tsx";
import { Facts, Waiting } from "./facts.tsx";
import { Failed } from "./failed.tsx";
import { LifeFilm } from "./life.tsx";
import { points } from "./loss.ts";
import { useNow } from "./now.ts";
import { remaining } from "./remaining.ts";
import { heading, inMinutes, lead } from "./telling.ts";
import "./follow.css";

/** One sheet as it goes on: one line from its first picture to a model that answers. */
export function FollowPage() {
  const job = useJobHere();
  const { follow: say } = useWords();
  const title = heading(job, say, useLanguage());
  useTitle(`${title} · ${job.name}`);
  useAnnounced(job);
  return (
    <div className="page">
      <Head job={job} title={title} actions={<Actions job={job} />}>
        <Lead job={job} />
      </Head>
      {job.state === "failed" ? <Failed job={job} /> : null}
      <LifeFilm job={job} />
      <Columns job={job} />
    </div>
  );
}

function Columns({ job }: { job: JobDetail }) {
  const config = useConfig();
  const estimate = useEstimate(isUnderway(job.state) ? job.id : undefined);
  const { losses, step, total, loss } = job.progress;
  const learnt = points(losses, step, loss);
  const waits = isUnderway(job.state) && job.state !== "training";
  return (
    <div className="two-halves">
      <div className="follow-side">
        {waits ? <Waiting job={job} /> : null}
        {learnt.length > 1 ? <Curve points={learnt} total={total} /> : null}
        <Diary job={job} />
      </div>
      <Facts job={job} prices={config.data?.prices} estimate={estimate.data} />
    </div>
  );
}

/** How much longer, and what happens then. */
function Lead({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  const underway = isUnderway(job.state) && job.state !== "cancelling";
  const estimate = useEstimate(underway ? job.id : undefined);
  const now = useNow(underway);
  const waiting = underway ? inMinutes(remaining(job, estimate.data, now), say) : "";
  return (
    <p className="lead">
      {waiting ? <span className="follow-range">{waiting} </span> : null}
      {lead(job, say)}
    </p>
  );
}

/** Says each new stage to who cannot see it; not each step. */
function useAnnounced({ state }: JobDetail): void {
  const { follow: say } = useWords();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    announce(say.announced[state]);
  }, [state, say]);
}
