import { Link } from "@tanstack/react-router";
import { sized } from "../api/api.ts";
import { useJobs } from "../api/queries.ts";
import type { Job } from "../api/types.ts";
import { sheetNumber, since } from "../job/names.ts";
import { STATE_WORD } from "../job/words.ts";
import { Edge, Film, Plate, Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { frameNumber } from "../upload/frames.ts";

const FRAMES = 6;
const SAYS: Readonly<Record<Job["state"], (job: Job) => string>> = {
  draft: () => "Waits for its pictures.",
  uploading: (job) => `${job.pictures} ${job.pictures === 1 ? "picture is" : "pictures are"} laid out. Go on where you were.`,
  uploaded: () => "Handed in; a machine is asked for.",
  queued: () => "In line.",
  provisioning: () => "A machine is warming up.",
  training: () => "Developing.",
  evaluating: () => "The likeness is being checked.",
  registering: () => "The model is being put away.",
  deploying: () => "The model is waking.",
  ready: () => "Ready to print.",
  cancelling: () => "Stopping.",
  failed: (job) => job.failure?.text ?? "It did not develop.",
  cancelled: () => "Stopped. It can be developed again.",
  expired: () => "Left for too long.",
  retired: () => "Asleep.",
};

export function SheetsPage() {
  const jobs = useJobs();
  useTitle("Sheets");
  if (jobs.isPending) return <Waiting />;
  if (jobs.isError) {
    return (
      <section className="page">
        <h1>Your sheets</h1>
        <ErrorNotice error={jobs.error} />
      </section>
    );
  }
  if (jobs.data.jobs.length === 0) return <FirstVisit />;
  return (
    <section className="page">
      <div className="page-head">
        <h1>Your sheets</h1>
        <Link to="/new" className="button button-first">
          Lay out a new sheet
        </Link>
      </div>
      <ul className="sheets">
        {jobs.data.jobs.map((job) => (
          <Sheet key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Sheet({ job }: { job: Job }) {
  const frames = Array.from({ length: FRAMES }, (_, index) => job.covers[index]);
  return (
    <li className="sheet">
      <Film className="film-row">
        <div className="strip" aria-hidden="true">
          {frames.map((picture, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its place on the strip
            <div className="frame" key={index}>
              <Plate picture={picture && sized(picture, 160)} />
              <Edge left={frameNumber(index)} right={index === FRAMES - 1 && job.pictures > FRAMES ? `+${job.pictures - FRAMES}` : ""} />
            </div>
          ))}
        </div>
      </Film>
      <div className="sheet-text">
        <p className="print">
          {sheetNumber(job.id)} · {STATE_WORD[job.state]}
        </p>
        <h2>
          <Link to="/jobs/$id" params={{ id: job.id }} className="cover-link">
            {job.name}
          </Link>
        </h2>
        <p className={job.state === "ready" ? "says good" : "says"}>{SAYS[job.state](job)}</p>
        <p className="quiet">{since(job.updated)}</p>
      </div>
    </li>
  );
}

function Waiting() {
  return (
    <section className="page">
      <h1>Your sheets</h1>
      <div className="sheets">
        <Unexposed label="Your sheets are being fetched" />
        <Unexposed label="" />
      </div>
    </section>
  );
}

const STEPS = [
  ["choose", "Five to twenty pictures of one thing."],
  ["describe", "What it is, and a word of its own."],
  ["develop", "A machine learns it; you watch, or leave."],
  ["compare", "The same prompt, before and after."],
  ["print", "Write what you want to see."],
] as const;

function FirstVisit() {
  return (
    <section className="page first-visit">
      <h1>Teach a model one thing, from a handful of pictures</h1>
      <p className="lead">
        Lay out five to twenty pictures of a subject or a style. They are developed into a model of your own, which prints that subject
        wherever you put it in words.
      </p>
      <Film className="film-row film-steps" edge={<span>UNEXPOSED ▸ nothing is stored until you choose pictures</span>}>
        <ol className="strip">
          {STEPS.map(([word, sentence], index) => (
            <li className="frame" key={word}>
              <Plate className="plate-words">
                <p>{sentence}</p>
              </Plate>
              <Edge left={index + 1} right={word} />
            </li>
          ))}
        </ol>
      </Film>
      <Link to="/new" className="button button-first">
        Lay out your first sheet
      </Link>
    </section>
  );
}
