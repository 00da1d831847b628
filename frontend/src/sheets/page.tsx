import { Link } from "@tanstack/react-router";
import { useConfig, useJobs } from "../api/queries.ts";
import { look } from "../ui/look.ts";
import { Notice, Trouble } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { FirstVisit } from "./first-visit.tsx";
import { SheetList } from "./list.tsx";
import { Unread } from "./unread.tsx";
import "./sheets.css";

/** Home: all sheets, the newest first. */
export function SheetsPage() {
  const { sheets: say } = useWords();
  const jobs = useJobs();
  useTitle(say.title);
  const all = jobs.data?.pages.flatMap((page) => page.jobs);
  if (all?.length === 0 && !jobs.isError) return <FirstVisit />;
  return (
    <section className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>{say.heading}</h1>
        {all ? (
          <Link to="/new" className={look("first")}>
            {say.fresh}
          </Link>
        ) : null}
      </div>
      <Closed />
      <Trouble of={jobs} />
      {all ? <SheetList all={all} jobs={jobs} /> : <Unread />}
    </section>
  );
}

/** Where the budget is spent, before anybody lays out pictures in vain. */
export function Closed() {
  const { sheets: say } = useWords();
  const config = useConfig();
  if (!config.data || config.data.intakeOpen) return null;
  return (
    <Notice tone="quiet" title={say.closed}>
      {say.closedText}
    </Notice>
  );
}
