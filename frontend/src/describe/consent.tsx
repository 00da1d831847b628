import { Link } from "@tanstack/react-router";
import type { JobDetail } from "../api/types.ts";
import { Tick } from "../ui/tick.tsx";
import { moment } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { isPeople } from "./class-words.ts";
import { bare, type Words } from "./described.ts";

type ConsentProps = { job: JobDetail; words: Words; asked: boolean; say(change: Partial<Words>): void };

/** Whether these pictures may be used; the service keeps when it was said. */
export function Consent({ job, words, asked, say }: ConsentProps) {
  const { consent: text } = useWords().describe;
  const language = useLanguage();
  const missing = asked && !words.consent;
  return (
    <div className="consent">
      <Tick
        id="consent"
        isSelected={words.consent}
        onChange={(consent) => say({ consent })}
        isInvalid={missing}
        aria-describedby="consent-why"
      >
        {text.label}
      </Tick>
      <p className="help" id="consent-why">
        {missing ? <span className="warns">{text.missing} </span> : null}
        {isPeople(bare(words.classWord)) ? `${text.people} ` : null}
        {words.consent && job.consented ? text.said(moment(job.consented, language)) : text.why}{" "}
        <Link to="/jobs/$id/check" params={{ id: job.id }} hash="kept">
          {text.kept}
        </Link>
      </p>
    </div>
  );
}
