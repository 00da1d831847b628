import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import * as api from "../api/api.ts";
import type { JobDetail } from "../api/types.ts";
import { curve, remember } from "../job/loss.ts";
import { sheetNumber } from "../job/names.ts";
import { heading, lead } from "../job/words.ts";
import { Confirm } from "../ui/confirm.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { Diary, LifeFilm } from "./life.tsx";

type FollowProps = { job: JobDetail; notice: ReactNode };

export function FollowPage({ job, notice }: FollowProps) {
  useTitle(`${heading(job)} · ${job.name}`);
  const points = remember(`${job.id} ${job.attempt}`, job.progress.step, job.progress.loss);
  return (
    <div className="page">
      {notice}
      <JobHead job={job} actions={<Actions job={job} />} />
      <LifeFilm job={job} />
      <div className="two-halves">
        {points.length > 1 ? <Loss points={points} total={job.progress.total} /> : <Facts job={job} />}
        <Diary job={job} />
      </div>
    </div>
  );
}

export function JobHead({ job, actions }: { job: JobDetail; actions?: ReactNode }) {
  return (
    <header className="page-head">
      <div>
        <p className="print">
          {sheetNumber(job.id)} · {job.name} · “{job.subject}”{job.attempt > 1 ? ` · try ${job.attempt}` : ""}
        </p>
        <h1 aria-live="polite">{heading(job)}</h1>
        <p className="lead">{lead(job)}</p>
      </div>
      {actions}
    </header>
  );
}

function Actions({ job }: { job: JobDetail }) {
  const queries = useQueryClient();
  const settled = { onSuccess: (fresh: JobDetail) => queries.setQueryData(["job", job.id], fresh) };
  const cancel = useMutation({ mutationFn: () => api.cancelJob(job.id), ...settled });
  const retry = useMutation({ mutationFn: () => api.retryJob(job.id), ...settled });
  const error = cancel.error ?? retry.error;
  const over = job.state === "failed" || job.state === "cancelled" || job.state === "expired";
  return (
    <div className="actions">
      {job.attemptsLeft > 0 ? (
        <Button className="button button-first" isPending={retry.isPending} onPress={() => retry.mutate()}>
          Develop it again
        </Button>
      ) : null}
      {over ? (
        <Link to="/new" className={job.attemptsLeft > 0 ? "button" : "button button-first"}>
          Lay out a new sheet
        </Link>
      ) : null}
      {over || job.state === "cancelling" ? null : (
        <Confirm
          trigger={<Button className="button button-ends">Cancel</Button>}
          title="Stop this sheet?"
          yes="Stop it"
          no="Let it go on"
          onYes={() => cancel.mutate()}
        >
          The machine is let go, and what was learnt so far is left. The pictures stay: the sheet can be developed again.
        </Confirm>
      )}
      {error ? <ErrorNotice error={error} /> : null}
    </div>
  );
}

const WIDTH = 714;
const HEIGHT = 152;

function Loss({ points, total }: { points: ReturnType<typeof remember>; total: number }) {
  const { path, end } = curve(points, total, WIDTH, HEIGHT);
  const last = points.at(-1);
  const [first] = points;
  return (
    <section>
      <h2>Loss</h2>
      <svg
        className="loss"
        viewBox={`-6 -14 ${WIDTH + 12} ${HEIGHT + 40}`}
        role="img"
        aria-label={`From ${first?.loss.toFixed(3)} at step ${first?.step} to ${last?.loss.toFixed(3)} at step ${last?.step}.`}
      >
        {[0, 1, 2, 3].map((line) => (
          <path key={line} className="loss-line" d={`M0 ${(HEIGHT / 3) * line}H${WIDTH}`} />
        ))}
        <path className="loss-curve" d={path} />
        <circle className="loss-end" cx={end[0]} cy={end[1]} r="5" />
        <text x={Math.min(end[0] + 10, WIDTH - 40)} y={end[1] - 8}>
          {last?.loss.toFixed(3)}
        </text>
        <text x="0" y={HEIGHT + 20}>
          0
        </text>
        <text x={WIDTH} y={HEIGHT + 20} textAnchor="end">
          {total}
        </text>
      </svg>
    </section>
  );
}

/** What is known of the sheet while there is no curve to draw. */
function Facts({ job }: { job: JobDetail }) {
  const { step, total, loss } = job.progress;
  return (
    <section>
      <h2>This sheet</h2>
      <dl className="facts facts-open">
        <dt>Pictures</dt>
        <dd>{job.pictures}</dd>
        <dt>Prompt it answers to</dt>
        <dd>{job.prompt}</dd>
        {total > 0 ? (
          <>
            <dt>Steps</dt>
            <dd>
              {step} of {total}
            </dd>
          </>
        ) : null}
        {loss === null ? null : (
          <>
            <dt>Loss</dt>
            <dd>{loss.toFixed(3)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
