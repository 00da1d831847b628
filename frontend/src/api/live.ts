/** A job as it goes on: what its event stream tells. The browser resumes a stream that broke off; one that was refused is opened again
 * after a while, and until then whoever listens asks for the job itself. */

import type { JobDetail } from "./types.ts";

const AGAIN_MS = 30_000;
const CLOSED = 2;

export type Listener = {
  /** Whether the stream tells what happens. */
  live(live: boolean): void;
  progress(progress: JobDetail["progress"]): void;
  /** Something else about the job is new. */
  moved(): void;
};

export type Source = Pick<EventSource, "addEventListener" | "close" | "readyState">;

/** Until what this answers is called. */
export function follow(id: string, listener: Listener, open: (url: string) => Source = (url) => new EventSource(url)): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  let source: Source;
  const connect = () => {
    source = open(`/v1/jobs/${id}/events`);
    source.addEventListener("open", () => listener.live(true));
    source.addEventListener("error", (event) => {
      // the service has an event of this name too, which carries data
      if ("data" in event && event.data) return;
      listener.live(false);
      if (source.readyState === CLOSED) again = setTimeout(connect, AGAIN_MS);
    });
    source.addEventListener("progress", (event) => listener.progress(JSON.parse((event as MessageEvent<string>).data)));
    for (const name of ["status", "upload"]) source.addEventListener(name, () => listener.moved());
  };
  connect();
  return () => {
    clearTimeout(again);
    source.close();
    listener.live(false);
  };
}
