import type { JobDetail } from "../api/types.ts";
import { useWords } from "../words/words.ts";
import { kindOf } from "./failures.ts";

/** What helps, and the reason as the service wrote it. The sentence and the cause head the page. */
export function Failed({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  const kind = kindOf(job.failure);
  return (
    <section className="follow-failed" aria-labelledby="helps">
      <div>
        <h2 id="helps">{say.helps}</h2>
        <p>{say.failures[kind].help}</p>
      </div>
      {job.failure ? (
        <div>
          <h2>{say.said}</h2>
          <p className="quiet" lang="en">
            {job.failure.text} <span className="print">{job.failure.code}</span>
          </p>
        </div>
      ) : null}
    </section>
  );
}
