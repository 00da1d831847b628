import type { JobDetail } from "../api/types.ts";
import { clock, day } from "../words/format.ts";
import { useLanguage, useWords, type Words } from "../words/words.ts";
import { kindOf } from "./failures.ts";

type Event = JobDetail["history"][number];

/** What happened, the latest first. */
export function Diary({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  return (
    <section aria-labelledby="diary">
      <h2 id="diary">{say.diary}</h2>
      <ol className="diary">
        {entries(job, say).map(({ key, at, text }) => (
          <li key={key}>
            <When at={at} />
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function When({ at }: { at: string }) {
  const language = useLanguage();
  const today = new Date(at).toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} className="print">
      {today ? clock(at, language) : `${day(at, language)}, ${clock(at, language)}`}
    </time>
  );
}

type Entry = { readonly key: string; readonly at: string; readonly text: string };

function entries(job: JobDetail, say: Words["follow"]): Entry[] {
  const told = job.history.map((event) => ({ key: `${event.attempt}-${event.state}`, at: event.at, text: happened(event, job, say) }));
  const kept = job.finishing ? [{ key: "finishing", at: job.finishing, text: say.finished }] : [];
  return [...told, ...kept].sort((one, other) => Date.parse(one.at) - Date.parse(other.at)).reverse();
}

function happened(event: Event, job: JobDetail, say: Words["follow"]): string {
  if (event.state === "uploaded" && event.attempt > 1) return say.handedInAgain(event.attempt);
  if (event.state === "uploaded") return `${say.handedIn(job.pictures)}${job.counts.rejected > 0 ? say.refused(job.counts.rejected) : ""}`;
  const last = event.state === "failed" && event.attempt === job.attempt && job.failure;
  return last ? say.failures[kindOf(job.failure)].line : say.happened[event.state];
}
