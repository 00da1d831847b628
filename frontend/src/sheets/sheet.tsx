import { Link } from "@tanstack/react-router";
import { sized } from "../api/client.ts";
import type { Job } from "../api/types.ts";
import { kindOf } from "../follow/failures.ts";
import { isFinishing, isOpen } from "../job/journey.ts";
import { moment, sheetCode } from "../job/names.ts";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { useLanguage, useWords } from "../words/words.ts";

const FRAMES = 6;

/** One sheet: its pictures, how it stands in a line, and where it leads. */
export function Sheet({ job }: { job: Job }) {
  const { job: say, sheets } = useWords();
  const language = useLanguage();
  return (
    <li className="sheet" data-open={isOpen(job.state) ? "" : undefined}>
      <Strip job={job} />
      <div className="sheet-text">
        <p className="print">
          {say.sheet(sheetCode(job.id))} · {say.states[job.state]}
        </p>
        <h2>
          <Link to="/jobs/$id" params={{ id: job.id }} className="cover-link">
            {job.name}
          </Link>
        </h2>
        <p className={job.state === "ready" ? "says good" : "says"}>
          {useLine(job)} {isOpen(job.state) ? <span className="sheet-go">{sheets.goOn}</span> : null}
        </p>
        <p className="quiet">{moment(job.updated, say, language)}</p>
      </div>
    </li>
  );
}

function useLine(job: Job): string {
  const { sheets: say, follow } = useWords();
  if (job.state === "failed") return follow.failures[kindOf(job.failure)].line;
  if (isFinishing(job)) return say.finishing;
  return say.lines[job.state](job.pictures);
}

function Strip({ job }: { job: Job }) {
  const frames = Array.from({ length: FRAMES }, (_, index) => job.covers[index]);
  const more = job.pictures > FRAMES ? `+${job.pictures - FRAMES}` : "";
  return (
    <Film className="film-row">
      <div className="strip" aria-hidden="true">
        {frames.map((picture, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its place on the strip
          <div className="frame" key={index}>
            <Plate picture={picture && sized(picture, 160)} />
            <Edge left={index + 1} right={index === FRAMES - 1 ? more : ""} />
          </div>
        ))}
      </div>
    </Film>
  );
}
