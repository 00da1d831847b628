import { useEffect, useState } from "react";
import { sized } from "../api/api.ts";
import { isAtRest } from "../api/queries.ts";
import type { JobDetail } from "../api/types.ts";
import { clock, type Shot, shots } from "../job/timeline.ts";
import { happened } from "../job/words.ts";
import { Film, Plate } from "../ui/film.tsx";

/** The job's life as a strip of film. */
export function LifeFilm({ job }: { job: JobDetail }) {
  const now = useNow(!isAtRest(job.state) && job.state !== "ready");
  return (
    <Film className="film-life">
      <ol className="life" aria-label="The stages of this sheet">
        {shots(job, now).map((shot) => (
          <ShotFrame key={shot.key} shot={shot} />
        ))}
      </ol>
    </Film>
  );
}

const WHEN: Readonly<Record<Shot["when"], string>> = { past: "done", now: "now", "to come": "to come", ended: "ended here" };

function ShotFrame({ shot }: { shot: Shot }) {
  return (
    <li className="frame" data-when={shot.when} aria-current={shot.when === "now" ? "step" : undefined}>
      <Plate className="plate-square" picture={shot.picture && sized(shot.picture, 160)} />
      <div className="edge edge-life">
        <span>{shot.label}</span>
        <span>{shot.when === "ended" ? "ended here" : shot.fact}</span>
        <span className="unseen">{WHEN[shot.when]}</span>
      </div>
    </li>
  );
}

/** What happened, the latest first. */
export function Diary({ job }: { job: JobDetail }) {
  const refused = job.uploads.filter((upload) => upload.state === "rejected");
  return (
    <section>
      <h2>What happened</h2>
      <ol className="diary">
        {[...job.history].reverse().map((event) => (
          <li key={`${event.attempt}-${event.state}`}>
            <time dateTime={event.at} className="print">
              {clock(event.at)}
            </time>
            <span>
              {event.state === "uploaded" && event.attempt === 1 ? `${job.pictures} pictures were handed in.` : happened(event)}
              {event.state === "uploaded" && refused.length > 0 ? ` ${refused.map((each) => each.failure?.text).join(" ")}` : ""}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
