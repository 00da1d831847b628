import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Preset } from "../api/jobs.ts";
import { ApiError } from "../api/problems.ts";
import { useMe } from "../api/queries.ts";
import type { Config, JobDetail } from "../api/types.ts";
import type { Darkroom } from "../choose/darkroom.ts";
import { darkroomOf } from "../choose/darkrooms.ts";
import { tally } from "../choose/frames.ts";
import { useSheet } from "../choose/use-sheet.ts";
import { Consent } from "../describe/consent.tsx";
import { useCaptions, useDraft } from "../describe/here.ts";
import { whatIsMissing } from "../describe/missing.ts";
import { useEstimate } from "../describe/queries.ts";
import { SavingTrouble } from "../describe/saved.tsx";
import { useJobHere } from "../job/frame.tsx";
import { Head } from "../job/head.tsx";
import { announce } from "../ui/announce.tsx";
import { Button, look } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { Trouble } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { type Developing, useDeveloping } from "./developing.ts";
import { Go } from "./go.tsx";
import { Kept } from "./kept.tsx";
import { MissingList } from "./missing-list.tsx";
import { Warnings, WordsCheck } from "./overview.tsx";
import { useIntake } from "./queries.ts";
import { type Readiness, readiness, tooFewMinutes } from "./readiness.ts";
import { Paused, Refusal, Short } from "./refusal.tsx";
import { ContactStrip } from "./strip.tsx";
import { Takes } from "./takes.tsx";
import "../describe/describe.css";
import "./check.css";

export function CheckPage() {
  const { check: text } = useWords();
  const job = useJobHere();
  const config = useIntake();
  useTitle(text.title(job.name));
  useFresh(job.id);
  if (config.data) return <Check job={job} config={config.data} lookAgain={() => config.refetch()} />;
  return (
    <section className="page">
      <h1>{text.opening}</h1>
      {config.isError ? <Trouble of={config} /> : <Unexposed label={text.opening} />}
    </section>
  );
}

type CheckProps = { job: JobDetail; config: Config; lookAgain(): void };

/** Everything that the red button means, on one calm page. */
function Check({ job, config, lookAgain }: CheckProps) {
  const { id } = job;
  const { limits, intakeOpen, intakeReason } = config;
  const darkroom = darkroomOf(job, limits);
  const { frames } = useSheet(darkroom);
  const { draft, said } = useDraft(job);
  const { book, captions } = useCaptions(job);
  const developing = useDeveloping({ job, darkroom, draft, book });
  const estimate = useEstimate(job);
  const [asks] = useState(!said.words.consent);
  const counts = tally(frames);
  const missing = whatIsMissing(counts.kept, limits.minPictures, said.words, said.clash);
  const ready = readiness(missing, counts);
  const { preset } = said.words;
  return (
    <div className="two-columns">
      <div className="page checked">
        <Heading job={job} ready={ready} count={{ ...counts, missing: missing.length }[ready === "ready" ? "kept" : COUNTED[ready]]} />
        {intakeOpen ? null : <Paused reason={intakeReason} again={lookAgain} />}
        {ready === "missing" ? <MissingList id={id} missing={missing} fewest={limits.minPictures} /> : null}
        {ready === "stopped" ? <Stopped id={id} darkroom={darkroom} /> : null}
        <ContactStrip id={id} frames={frames} counts={counts} limits={limits} />
        <WordsCheck config={config} job={job} words={said.words} frames={frames} captions={captions} />
        <Warnings config={config} words={said.words} frames={frames} />
        <Kept config={config} />
      </div>
      <aside className="side">
        <Takes id={id} words={said.words} estimate={estimate} />
        {asks || !said.words.consent ? <Consent job={job} words={said.words} asked={false} say={draft.say.bind(draft)} /> : null}
        <SavingTrouble draft={draft} said={said} />
        <Go
          counts={counts}
          ready={ready}
          paused={!intakeOpen}
          developing={developing}
          trouble={<Refused id={id} preset={preset} minutes={estimate.data?.gpuMinutes} isOpen={intakeOpen} developing={developing} />}
        />
      </aside>
    </div>
  );
}

const COUNTED = { missing: "missing", stopped: "stopped", coming: "underway" } as const;

function Heading({ job, ready, count }: { job: JobDetail; ready: Readiness; count: number }) {
  const { check: text } = useWords();
  const heading = text[ready].heading(count);
  const [first] = useState(heading);
  useEffect(() => {
    if (heading !== first) announce(heading);
  }, [heading, first]);
  return (
    <Head job={job} title={heading}>
      <p className="lead">{text[ready].lead}</p>
    </Head>
  );
}

function Stopped({ id, darkroom }: { id: string; darkroom: Darkroom }) {
  const { stopped: text } = useWords().check;
  return (
    <div className="actions">
      <Button onPress={() => void darkroom.again()}>{text.again}</Button>
      <Link className={look()} to="/jobs/$id/choose" params={{ id }}>
        {text.look}
      </Link>
    </div>
  );
}

type RefusedProps = { id: string; preset: Preset; minutes: number | undefined; isOpen: boolean; developing: Developing };

/** Why it was not handed in, or would not be; what the page can tell with its own numbers, it does. */
function Refused({ id, preset, minutes, isOpen, developing: { error, develop } }: RefusedProps) {
  const { data: me } = useMe();
  const left = tooFewMinutes(me, minutes);
  const code = error instanceof ApiError ? error.code : undefined;
  if (me && minutes !== undefined && left !== undefined && (!error || code === "OVER_QUOTA")) {
    return <Short id={id} preset={preset} minutes={minutes} left={left} resets={me.quota.resets} />;
  }
  // said above already, with the reason
  if (!error || (code === "INTAKE_PAUSED" && !isOpen)) return null;
  return <Refusal id={id} preset={preset} error={error} again={develop} />;
}

/** What is looked over is how it is now. */
function useFresh(id: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    for (const queryKey of [["job", id], ["me"]]) queries.invalidateQueries({ queryKey });
  }, [id, queries]);
}
