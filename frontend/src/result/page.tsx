import { Link } from "@tanstack/react-router";
import { useConfig } from "../api/queries.ts";
import type { JobDetail, Model } from "../api/types.ts";
import { LifeFilm } from "../follow/life.tsx";
import { useJobHere } from "../job/frame.tsx";
import { Head } from "../job/head.tsx";
import { hasModel } from "../job/visited.ts";
import { EndpointLine } from "../library/endpoint-line.tsx";
import { useModel } from "../library/queries.ts";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { Actions } from "./actions.tsx";
import { Compare } from "./compare.tsx";
import { Kept } from "./kept.tsx";
import { Likeness } from "./likeness.tsx";
import "./result.css";

/** What a sheet has become: before and after, how much was learnt, and where to go from here. */
export function ResultPage() {
  const job = useJobHere();
  return hasModel(job) ? <WithModel job={job} /> : <Told job={job} stands="gone" />;
}

/** Until the model is read, by what the job says of it. */
function WithModel({ job }: { job: JobDetail }) {
  const model = useModel(job.id).data;
  return <Told job={job} model={model} stands={model?.deployment.state ?? (job.state === "ready" ? "awake" : "asleep")} />;
}

export type Standing = Model["deployment"]["state"] | "gone";

function Told({ job, model, stands }: { job: JobDetail; model?: Model | undefined; stands: Standing }) {
  const { result: say } = useWords();
  useTitle(`${say.titles[stands]} · ${job.name}`);
  return (
    <div className="page">
      <Head job={job} title={say.titles[stands]} actions={<Actions job={job} model={model} stands={stands} />}>
        <p className="lead">{say.leads[stands]}</p>
        {model ? <EndpointLine deployment={model.deployment} /> : null}
      </Head>
      <Shown job={job} />
      <section className="after-work" aria-labelledby="how">
        <h2 id="how">{say.how}</h2>
        <LifeFilm job={job} />
        <Link to="/jobs/$id/follow" params={{ id: job.id }}>
          {say.follow}
        </Link>
      </section>
    </div>
  );
}

function Shown({ job }: { job: JobDetail }) {
  const config = useConfig();
  return (
    <div className="two-columns result-columns">
      {job.result ? <Compare job={job} result={job.result} /> : <div />}
      <div className="result-side">
        {job.result ? <Likeness job={job} result={job.result} /> : null}
        {config.data ? <Kept job={job} days={config.data.limits.pictureDays} /> : null}
      </div>
    </div>
  );
}
