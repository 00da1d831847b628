import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { cancelJob, finishJob, retryJob } from "../api/jobs.ts";
import type { JobDetail } from "../api/types.ts";
import { isFinishing, isTrained, isUnderway } from "../job/journey.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { look } from "../ui/look.ts";
import { Trouble } from "../ui/notice.tsx";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { helpsMost, kindOf } from "./failures.ts";

/** What can be done about a job in its state. */
export function Actions({ job }: { job: JobDetail }) {
  if (isTrained(job.state)) return <Done job={job} />;
  if (job.state === "cancelling") return null;
  return isUnderway(job.state) ? <Underway job={job} /> : <Over job={job} />;
}

function Done({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  return (
    <div className="actions">
      <Link to="/jobs/$id/result" params={{ id: job.id }} className={look("first")}>
        {say.seeResult}
      </Link>
    </div>
  );
}

function Underway({ job }: { job: JobDetail }) {
  const canKeep = job.state === "training" && job.progress.step > 0 && !isFinishing(job);
  return (
    <div className="actions">
      {canKeep ? <Keep job={job} /> : null}
      {isFinishing(job) ? null : <Cancel job={job} canKeep={canKeep} />}
    </div>
  );
}

function Keep({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  const language = useLanguage();
  const told = useTold(job.id);
  const { step, total } = job.progress;
  return (
    <Confirm
      trigger={<Button>{say.keep}</Button>}
      title={say.keepTitle(number(step, language))}
      yes={say.keepYes}
      no={say.keepNo}
      doing={say.keeping}
      onYes={async () => told(await finishJob(job.id))}
    >
      <p>{say.keepText}</p>
      <p>{say.keepLess(number(total, language))}</p>
    </Confirm>
  );
}

function Cancel({ job, canKeep }: { job: JobDetail; canKeep: boolean }) {
  const { follow: say } = useWords();
  const told = useTold(job.id);
  const waits = job.state === "uploaded" || job.state === "queued" || job.state === "provisioning";
  return (
    <Confirm
      trigger={<Button kind="ends">{say.cancel}</Button>}
      title={say.cancelTitle}
      yes={say.cancelYes}
      no={say.cancelNo}
      doing={say.cancelling}
      onYes={async () => told(await cancelJob(job.id))}
    >
      <p>{waits ? say.cancelWaiting : say.cancelLearning}</p>
      {canKeep ? <p>{say.cancelInstead}</p> : null}
    </Confirm>
  );
}

/** Failed, stopped or expired: once more, or afresh. */
function Over({ job }: { job: JobDetail }) {
  const { follow: say } = useWords();
  const told = useTold(job.id);
  const retry = useMutation({ mutationFn: () => retryJob(job.id), onSuccess: told });
  const kind = kindOf(job.failure);
  const first = job.state === "failed" ? helpsMost(kind, job.attemptsLeft) : job.attemptsLeft > 0 ? "retry" : "fresh";
  return (
    <div className="actions">
      {job.attemptsLeft > 0 ? (
        <Button
          kind={first === "retry" ? "first" : "plain"}
          isPending={retry.isPending}
          doing={say.retrying}
          onPress={() => retry.mutate()}
        >
          {say.retry}
        </Button>
      ) : null}
      <Link to="/new" className={look(first === "fresh" ? "first" : "plain")}>
        {say.fresh}
      </Link>
      {job.state === "expired" ? null : (
        <p className="help follow-tries">{job.attemptsLeft > 0 ? say.retriesLeft(job.attemptsLeft) : say.noRetries}</p>
      )}
      <Trouble of={retry} />
    </div>
  );
}

/** The page shows what was answered, and the focus goes to its heading: what was pressed is gone. */
function useTold(id: string): (job: JobDetail) => void {
  const queries = useQueryClient();
  return (job) => {
    queries.setQueryData(["job", id], job);
    setTimeout(() => document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true }), 100);
  };
}
