import { Link } from "@tanstack/react-router";
import type { JobDetail } from "../api/types.ts";
import { learning } from "../follow/remaining.ts";
import { duration } from "../job/duration.ts";
import { verdict } from "../library/likeness.ts";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";

type Result = NonNullable<JobDetail["result"]>;

/** How much was learnt: a figure, what it means, what was done for it, and what to try where it is little. */
export function Likeness({ job, result }: { job: JobDetail; result: Result }) {
  const { result: say } = useWords();
  const learnt = verdict(result);
  return (
    <section className="panel" aria-labelledby="likeness">
      <h2 id="likeness">{learnt ? say.verdicts[learnt] : say.likeness}</h2>
      <Figure result={result} />
      <Done job={job} />
      {learnt === "barely" || learnt === "no" ? <Tries /> : null}
      <Link to="/models/$id" params={{ id: job.id }}>
        {say.lineage}
      </Link>
    </section>
  );
}

function Figure({ result: { likenessBefore: before, likenessAfter: after } }: { result: Result }) {
  const { result: say } = useWords();
  const language = useLanguage();
  if (after === null) return <p className="quiet">{say.unmeasured}</p>;
  return (
    <>
      <p className="figure">
        <span className="unseen">{say.figure(number(after, language, 2))}</span>
        <span aria-hidden="true">{number(after, language, 2)}</span>
      </p>
      <p className="quiet">
        {before === null ? "" : say.untuned(number(before, language, 2))} {say.means}
      </p>
    </>
  );
}

function Done({ job }: { job: JobDetail }) {
  const { result: say } = useWords();
  const language = useLanguage();
  const { step, total } = job.progress;
  const all = total === 0 || step >= total;
  const told = all ? say.stepsDone(number(total || job.steps, language)) : say.stepsOf(number(step, language), number(total, language));
  const took = learning(
    job.history.filter((event) => event.attempt === job.attempt),
    Date.now(),
  );
  return (
    <dl className="facts result-facts">
      <dt>{say.steps}</dt>
      <dd>{told}</dd>
      <dt>{say.kept}</dt>
      <dd>{job.finishing && !all ? say.keptStopped : say.keptLast}</dd>
      <dt>{say.pictures}</dt>
      <dd>{number(job.pictures, language)}</dd>
      {took > 0 ? (
        <>
          <dt>{say.took}</dt>
          <dd>{duration(took)}</dd>
        </>
      ) : null}
    </dl>
  );
}

function Tries() {
  const { result: say } = useWords();
  return (
    <div>
      <h3>{say.tryTitle}</h3>
      <ul className="tries">
        {say.tries.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Link to="/new">{say.again}</Link>
    </div>
  );
}
