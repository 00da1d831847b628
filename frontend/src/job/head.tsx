import type { ReactNode } from "react";
import type { Job } from "../api/types.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { sheetCode } from "./names.ts";

type HeadProps = { job: Pick<Job, "id" | "name" | "subject" | "attempt">; title: string; children?: ReactNode; actions?: ReactNode };

/** What a page of a job begins with: which sheet, how it stands, what happens next, what can be done. */
export function Head({ job, title, children, actions }: HeadProps) {
  const { job: say } = useWords();
  const language = useLanguage();
  const subject = language === "de" ? `„${job.subject}“` : `“${job.subject}”`;
  return (
    <header className="page-head">
      <div>
        <p className="print">
          {say.sheet(sheetCode(job.id))} · {job.name} · {subject}
          {job.attempt > 1 ? ` · ${say.attempt(job.attempt)}` : ""}
        </p>
        <h1 tabIndex={-1}>{title}</h1>
        {children}
      </div>
      {actions}
    </header>
  );
}
