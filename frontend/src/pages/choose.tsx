import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, useSyncExternalStore } from "react";
import { inWords } from "../api/problems.ts";
import { useConfig } from "../api/queries.ts";
import type { Config, JobDetail } from "../api/types.ts";
import { heading, lead } from "../job/words.ts";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { type Darkroom, darkroomOf, newDarkroom } from "../upload/darkroom.ts";
import { tally } from "../upload/frames.ts";
import { Describe } from "./choose-describe.tsx";
import { LightTable } from "./choose-film.tsx";

const EMPTY = { state: "draft", attempt: 1, attemptsLeft: 0, pictures: 0, failure: null } as const;
const NOTHING = { counts: { verified: 0, pending: 0, rejected: 0 }, progress: { stage: "", step: 0, total: 0, etaSeconds: null } };

export function NewSheetPage() {
  const config = useConfig();
  const navigate = useNavigate();
  useTitle("New sheet");
  if (config.isError) return <ErrorNotice error={config.error} />;
  if (!config.data) return <Waiting />;
  const darkroom = newDarkroom(config.data.limits, { name: "", subject: config.data.subject, classWord: "" });
  const moved = (id: string) => navigate({ to: "/jobs/$id", params: { id }, replace: true });
  return <Choose config={config.data} darkroom={darkroom} moved={moved} />;
}

export function DraftPage({ job }: { job: JobDetail }) {
  const config = useConfig();
  useTitle(job.name);
  if (config.isError) return <ErrorNotice error={config.error} />;
  if (!config.data) return <Waiting />;
  return <Choose config={config.data} darkroom={darkroomOf(job, config.data.limits)} />;
}

type ChooseProps = { config: Config; darkroom: Darkroom; moved?: (id: string) => void };

function Choose({ config, darkroom, moved }: ChooseProps) {
  const sheet = useSyncExternalStore(darkroom.watch, darkroom.sheet);
  const queries = useQueryClient();
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>();
  const counts = tally(sheet.frames);
  const { jobId } = sheet;

  useEffect(() => {
    if (!jobId) return;
    queries.invalidateQueries({ queryKey: ["me"] });
    moved?.(jobId);
  }, [jobId, moved, queries]);

  useEffect(() => {
    if (!starting || counts.underway > 0) return;
    setStarting(false);
    darkroom.develop().then(
      (job) => queries.setQueryData(["job", job.id], job),
      (reason: unknown) => setError(reason),
    );
  }, [starting, counts.underway, darkroom, queries]);

  usePastedPictures(darkroom);
  return (
    <div className="two-columns">
      <section className="page">
        <h1>{heading({ ...EMPTY, ...NOTHING })}</h1>
        <p className="lead">{lead({ ...EMPTY, ...NOTHING })}</p>
        <LightTable darkroom={darkroom} frames={sheet.frames} limits={config.limits} />
      </section>
      <Describe
        config={config}
        sheet={sheet}
        counts={counts}
        starting={starting}
        trouble={error === undefined ? sheet.trouble : inWords(error)}
        describe={(change) => darkroom.describe(change)}
        resume={() => darkroom.resume()}
        develop={() => {
          setError(undefined);
          setStarting(true);
        }}
      />
    </div>
  );
}

/** Pictures may be pasted anywhere on the page. */
function usePastedPictures(darkroom: Darkroom): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        darkroom.add(files);
      }
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [darkroom]);
}

function Waiting() {
  return (
    <section className="page">
      <h1>{heading({ ...EMPTY, ...NOTHING })}</h1>
      <Unexposed label="The light table is being set up" />
    </section>
  );
}
