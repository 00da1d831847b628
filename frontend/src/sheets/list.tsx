import { lazy, Suspense, useState } from "react";
import type { useJobs } from "../api/queries.ts";
import type { Job } from "../api/types.ts";
import { look } from "../ui/look.ts";
import { useWords } from "../words/words.ts";
import { type Group, inGroup, MANY } from "./groups.ts";
import { Sheet } from "./sheet.tsx";

/** Its parts are not needed by who has few sheets, and would weigh on every first visit. */
const Filter = lazy(() => import("./filter.tsx"));

type ListProps = { all: readonly Job[]; jobs: ReturnType<typeof useJobs> };

/** As far as they were fetched; with a filter once there are many. */
export function SheetList({ all, jobs }: ListProps) {
  const { sheets: say } = useWords();
  const [group, setGroup] = useState<Group>("all");
  const shown = all.filter((job) => inGroup(job.state, group));
  return (
    <>
      {all.length >= MANY ? (
        <div className="sheets-filter">
          <Suspense fallback={null}>
            <Filter all={all} more={jobs.hasNextPage} group={group} choose={setGroup} />
          </Suspense>
        </div>
      ) : null}
      {shown.length > 0 ? (
        <ul className="sheets">
          {shown.map((job) => (
            <Sheet key={job.id} job={job} />
          ))}
        </ul>
      ) : (
        <p className="lead">{say.none}</p>
      )}
      {jobs.hasNextPage ? <More jobs={jobs} /> : null}
    </>
  );
}

function More({ jobs }: Pick<ListProps, "jobs">) {
  const { sheets: say } = useWords();
  const busy = jobs.isFetchingNextPage;
  return (
    <button type="button" className={look()} aria-disabled={busy} onClick={() => busy || jobs.fetchNextPage()}>
      {busy ? say.fetchingMore : say.more}
    </button>
  );
}
