/** A job as it goes on: what its event stream tells. The browser resumes a stream that broke off; one that was refused is opened again
 * after a while, and until then whoever listens asks for the job itself. */

import type { Failure, JobDetail } from "./types.ts";

const AGAIN_MS = 30_000;
const CLOSED = 2;

/** One step in the job's life. */
export type Move = JobDetail["history"][number] & { readonly failure: Failure | null };

export type Listener = {
  /** Whether the stream tells what happens. */
  live(live: boolean): void;
  progress(progress: JobDetail["progress"]): void;
  moved(move: Move): void;
  /** Something else about the job is new. */
  changed(): void;
};

export type Source = Pick<EventSource, "addEventListener" | "close" | "readyState">;

/** Until what this answers is called. */
export function follow(id: string, listener: Listener, open: (url: string) => Source = (url) => new EventSource(url)): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  let source: Source;
  const connect = () => {
    source = open(`/v1/jobs/${id}/events`);
    let told = false;
    // what stands between may open a stream and hold back what it tells: only a stream that has told something is one
    const heard = () => {
      told = true;
      listener.live(true);
    };
    source.addEventListener("open", () => told && listener.live(true));
    source.addEventListener("error", (event) => {
      // the service has an event of this name too, which carries data
      if ("data" in event && event.data) return heard();
      listener.live(false);
      if (source.readyState === CLOSED) again = setTimeout(connect, AGAIN_MS);
    });
    const on = (name: string, act: (data: string) => void) =>
      source.addEventListener(name, (event) => {
        heard();
        act((event as MessageEvent<string>).data);
      });
    on("progress", (data) => listener.progress(JSON.parse(data)));
    on("status", (data) => listener.moved(JSON.parse(data)));
    on("upload", () => listener.changed());
  };
  connect();
  return () => {
    clearTimeout(again);
    source.close();
    listener.live(false);
  };
}

/** The job as a move that was told leaves it; that very object where it is known already, or is over. */
export function afterMove(job: JobDetail, { failure, ...event }: Move): JobDetail {
  const known = job.history.some((before) => before.attempt === event.attempt && before.state === event.state);
  if (known || event.attempt < job.attempt) return job;
  return { ...job, state: event.state, attempt: event.attempt, updated: event.at, failure, history: [...job.history, event] };
}

/** What a stream tells of progress may be older than what was read: a job learns on, never back. */
export function afterProgress(job: JobDetail, progress: JobDetail["progress"]): JobDetail {
  const { step, samples } = job.progress;
  const older = progress.step < step && progress.samples.length <= samples.length && progress.total === job.progress.total;
  return older ? job : { ...job, progress };
}
