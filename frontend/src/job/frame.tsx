import { useQueryClient } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation, useParams } from "@tanstack/react-router";
import { createContext, useContext, useEffect } from "react";
import { ApiError } from "../api/problems.ts";
import { useLiveJob } from "../api/queries.ts";
import type { JobDetail } from "../api/types.ts";
import type { State } from "../generated/states.ts";
import { NotHere } from "../shell/not-here.tsx";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";
import { canGo, leadsTo, STEPS, type Step } from "./journey.ts";
import { NotLive } from "./not-live.tsx";
import { Steps } from "./steps.tsx";
import { hasModel, lastStep, remember } from "./visited.ts";
import "./job.css";

const There = createContext<JobDetail | undefined>(undefined);

/** The job whose pages these are. */
export function useJobHere(): JobDetail {
  const job = useContext(There);
  if (!job) throw new Error("only the pages of a job have one");
  return job;
}

/** One job, from its pictures to its prints. */
export function JobFrame() {
  const { id } = useParams({ from: "/jobs/$id" });
  const { job: read, live } = useLiveJob(id);
  const step = useStep();
  const job = read.data;
  useNewsOf(job?.state);
  useEffect(() => {
    if (step) remember(id, step);
  }, [id, step]);
  if (!job) return <Missing error={read.isError || read.failureCount > 2 ? read.error : null} again={() => read.refetch()} />;
  const traveller = { state: job.state, model: hasModel(job) };
  if (step && !canGo(step, traveller)) return <Navigate to={`/jobs/$id/${leadsTo(job.state)}`} params={{ id }} replace />;
  return (
    <There.Provider value={job}>
      <Steps id={id} job={traveller} here={step} />
      <NotLive read={read} live={live} />
      <Outlet />
    </There.Provider>
  );
}

function Missing({ error, again }: { error: unknown; again(): unknown }) {
  const { job: say } = useWords();
  if (error instanceof ApiError && error.code === "NOT_FOUND") return <NotHere />;
  return (
    <section className="page">
      <h1>{say.fetching}</h1>
      {error ? <ErrorNotice error={error} again={again} /> : null}
      <Unexposed label={say.fetchingFilm} />
    </section>
  );
}

/** The step of the journey that the address names. */
function useStep(): Step | undefined {
  const named = useLocation({ select: ({ pathname }) => pathname.split("/")[3] });
  return STEPS.find((step) => step === named);
}

/** Where a job's state leads; while it is laid out, where its designer was. */
export function Here() {
  const job = useJobHere();
  const to = leadsTo(job.state);
  const step = to === "choose" ? (lastStep(job.id) ?? to) : to;
  return <Navigate to={`/jobs/$id/${step}`} params={{ id: job.id }} replace />;
}

/** What other pages show of a job is out of date once its state has changed. */
function useNewsOf(state: State | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!state) return;
    for (const queryKey of [["me"], ["jobs"], ["models"]]) queries.invalidateQueries({ queryKey });
  }, [state, queries]);
}
