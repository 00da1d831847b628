import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { readJob } from "../api/jobs.ts";
import { useConfig } from "../api/queries.ts";
import type { Config } from "../api/types.ts";
import { useJobHere } from "../job/frame.tsx";
import { Head } from "../job/head.tsx";
import { Steps } from "../job/steps.tsx";
import { Unexposed } from "../ui/film.tsx";
import { Trouble } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { Choose } from "./choose.tsx";
import type { Darkroom } from "./darkroom.ts";
import { copyOf, darkroomOf, newDarkroom } from "./darkrooms.ts";
import { holdFrame, takeFrame } from "./held.ts";
import "./choose.css";

/** A sheet that is no job yet becomes one with its first picture. It may begin `from` those of another. */
export function NewSheetPage() {
  const { choose: say } = useWords();
  const config = useConfig();
  const { from } = useSearch({ strict: false }) as { from?: string };
  useTitle(say.titleNew);
  return (
    <>
      <Steps here="choose" />
      {config.data ? (
        from ? (
          <Copied config={config.data} from={String(from)} />
        ) : (
          <Fresh config={config.data} />
        )
      ) : (
        <Waiting asked={config} />
      )}
    </>
  );
}

function Fresh({ config }: { config: Config }) {
  const words = { name: "", subject: config.subject, classWord: "" };
  return <Begun config={config} darkroom={newDarkroom(config.limits, words)} />;
}

function Copied({ config, from }: { config: Config; from: string }) {
  const job = useQuery({ queryKey: ["job", from], queryFn: () => readJob(from), structuralSharing: false });
  return job.data ? <Begun config={config} darkroom={copyOf(job.data, config.limits)} /> : <Waiting asked={job} />;
}

function Begun({ config, darkroom }: { config: Config; darkroom: Darkroom }) {
  const navigate = useNavigate();
  const moved = useCallback(
    (id: string) => {
      holdFrame();
      navigate({ to: "/jobs/$id/choose", params: { id }, replace: true });
    },
    [navigate],
  );
  return <Choose config={config} darkroom={darkroom} head={<PlainHead config={config} />} moved={moved} />;
}

export function ChoosePage() {
  const { choose: say } = useWords();
  const job = useJobHere();
  const config = useConfig();
  useTitle(job.name);
  useEffect(takeFrame, []);
  if (!config.data) return <Waiting asked={config} />;
  const head = (
    <Head job={job} title={say.heading}>
      <Lead config={config.data} />
    </Head>
  );
  return <Choose config={config.data} darkroom={darkroomOf(job, config.data.limits)} head={head} />;
}

function PlainHead({ config }: { config: Config }) {
  const { choose: say } = useWords();
  return (
    <header className="page-head">
      <div>
        <p className="print">{say.titleNew}</p>
        <h1 tabIndex={-1}>{say.heading}</h1>
        <Lead config={config} />
      </div>
    </header>
  );
}

function Lead({ config: { limits } }: { config: Config }) {
  const { choose: say } = useWords();
  return <p className="lead">{say.lead(limits.minPictures, limits.maxPictures)}</p>;
}

function Waiting({ asked }: { asked: UseQueryResult<unknown> }) {
  const { choose: say } = useWords();
  return (
    <section className="page">
      <h1>{say.heading}</h1>
      {asked.isError ? <Trouble of={asked} /> : <Unexposed count={12} label={say.opening} />}
    </section>
  );
}
