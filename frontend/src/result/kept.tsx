import { Link } from "@tanstack/react-router";
import type { JobDetail } from "../api/types.ts";
import { hasModel } from "../job/visited.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { DeleteJob } from "../you/delete-job.tsx";
import { deletionOf, inFull } from "./retention.ts";

/** The clock that runs on the pictures, and what it leaves. */
export function Kept({ job, days }: { job: JobDetail; days: number }) {
  const { result: say } = useWords();
  const language = useLanguage();
  const at = deletionOf(job.created, days);
  const on = inFull(at, language);
  return (
    <section className="panel" aria-labelledby="kept">
      <h2 id="kept">{say.clock}</h2>
      <p className="quiet">
        {at.getTime() > Date.now() ? say.clockPictures(on) : say.clockDeleted(on)} {hasModel(job) ? say.clockModel : ""}
      </p>
      <Link to="/new">{say.again}</Link>
      <DeleteJob job={job} />
    </section>
  );
}
