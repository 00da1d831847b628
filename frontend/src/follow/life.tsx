import { type CSSProperties, useState } from "react";
import { sized } from "../api/client.ts";
import type { JobDetail } from "../api/types.ts";
import { isUnderway } from "../job/journey.ts";
import { Button } from "../ui/button.tsx";
import { Film, Plate } from "../ui/film.tsx";
import { useLanguage, useWords } from "../words/words.ts";
import { factOf, labelOf } from "./edge-print.ts";
import { SampleLoupe } from "./loupe.tsx";
import { useNow } from "./now.ts";
import { perRow, type Shot, shots } from "./timeline.ts";
import "./follow.css";

/** The job's life as a strip of film. What the model drew opens in a loupe. */
export function LifeFilm({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  const now = useNow(isUnderway(job.state));
  const [open, setOpen] = useState<string>();
  const all = shots(job, now);
  return (
    <Film className="film-life">
      <ol className="life" aria-label={say.film} style={{ "--frames": perRow(all.length) } as CSSProperties}>
        {all.map((shot) => (
          <ShotFrame key={shot.key} shot={shot} look={() => setOpen(shot.key)} />
        ))}
      </ol>
      <SampleLoupe job={job} drawn={all.filter((shot) => shot.drawn)} open={open} turn={setOpen} />
    </Film>
  );
}

function ShotFrame({ shot, look }: { shot: Shot; look(): void }) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const label = labelOf(shot.label, say, language);
  // what the model drew is a strip of many tiles, of which one is seen
  const picture = shot.picture && sized(shot.picture, shot.drawn || shot.exposed !== undefined ? 640 : 160);
  const plate = (
    <Plate className="plate-square" picture={picture}>
      {shot.exposed === undefined ? null : <div className="unexposed" style={{ insetInlineStart: `${shot.exposed * 100}%` }} />}
    </Plate>
  );
  return (
    <li className="frame" data-when={shot.when} aria-current={shot.when === "now" ? "step" : undefined}>
      {shot.drawn ? (
        <Button kind="bare" onPress={look} aria-label={shot.label.of === "stage" ? say.loupe.checked : say.loupe.open(label)}>
          {plate}
        </Button>
      ) : (
        plate
      )}
      <div className="edge edge-life">
        <span>{label}</span>
        <span>{shot.when === "ended" ? say.shot.ended : factOf(shot.fact, say, language)}</span>
        <span className="unseen">{say.when[shot.when]}</span>
      </div>
    </li>
  );
}
