import { deleteJob } from "../api/account.ts";
import { isAtRest } from "../api/queries.ts";
import type { Job } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useWords } from "../words/words.ts";
import { Consequences } from "./consequences.tsx";
import { useErasing } from "./erasing.ts";

type Whose = Pick<Job, "id" | "name" | "state" | "pictures">;

/** Deletes a sheet and everything that came of it; nothing while it is under way, as it has to be cancelled first. */
export function DeleteJob({ job }: { job: Whose }) {
  const { deleteJob: say } = useWords().you;
  const erase = useErasing(job.id, deleteJob);
  if (!isAtRest(job.state) && job.state !== "uploading" && job.state !== "ready") return null;
  return (
    <Confirm
      trigger={<Button kind="ends">{say.button}</Button>}
      title={say.title(job.name)}
      yes={say.yes}
      no={say.no}
      doing={say.busy}
      onYes={erase}
    >
      <Consequences
        goes={say.goes}
        going={[say.pictures(job.pictures), say.model, say.prints, say.history]}
        stays={say.stays}
        staying={[say.copies, say.receipt]}
      />
    </Confirm>
  );
}
