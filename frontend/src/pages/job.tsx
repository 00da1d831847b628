import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { ApiError } from "../api/problems.ts";
import { useJob } from "../api/queries.ts";
import type { JobDetail } from "../api/types.ts";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { DraftPage } from "./choose.tsx";
import { FollowPage } from "./follow.tsx";
import { NotHere } from "./not-here.tsx";
import { PrintsPage } from "./prints.tsx";

/** One job, from its pictures to its prints: what is shown follows from its state. */
export function JobPage() {
  const { id } = useParams({ from: "/jobs/$id" });
  const { data: job, error, isError } = useJob(id);
  useNewsOf(job?.state);
  if (!job) {
    if (error instanceof ApiError && error.code === "NOT_FOUND") return <NotHere />;
    return (
      <section className="page">
        <h1>One moment</h1>
        {isError ? <ErrorNotice error={error} /> : <Unexposed label="The sheet is being fetched" />}
      </section>
    );
  }
  const lost = isError ? <ErrorNotice error={error} /> : null;
  if (job.state === "draft" || job.state === "uploading") return <DraftPage job={job} />;
  if (job.state === "ready" || job.state === "retired") return <PrintsPage job={job} notice={lost} />;
  return <FollowPage job={job} notice={lost} />;
}

/** What other pages show of a job is out of date once its state has changed. */
function useNewsOf(state: JobDetail["state"] | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!state) return;
    queries.invalidateQueries({ queryKey: ["me"] });
    queries.invalidateQueries({ queryKey: ["jobs"] });
  }, [state, queries]);
}
