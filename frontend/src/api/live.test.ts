import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { afterMove, afterProgress, follow, type Move, type Source } from "./live.ts";
import type { JobDetail } from "./types.ts";

class Stream extends EventTarget {
  readyState = 0;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
  }

  close(): void {
    this.readyState = 2;
  }

  tells(event: string, data?: unknown): void {
    this.dispatchEvent(data === undefined ? new Event(event) : new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

const streams: Stream[] = [];
const heard: string[] = [];
const listener = {
  live: (live: boolean) => heard.push(live ? "live" : "not live"),
  progress: ({ step }: { step: number }) => heard.push(`step ${step}`),
  moved: ({ state }: { state: string }) => heard.push(state),
  changed: () => heard.push("changed"),
};

function start(): () => void {
  return follow("4kx2", listener, (url) => {
    const stream = new Stream(url);
    streams.push(stream);
    return stream as unknown as Source;
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  streams.length = 0;
  heard.length = 0;
});
afterEach(() => vi.useRealTimers());

it("a stream tells progress, moves, and that there is something to look at", () => {
  start();

  streams[0]?.tells("open");
  streams[0]?.tells("progress", { step: 7 });
  streams[0]?.tells("upload", { id: "1" });
  streams[0]?.tells("error", { code: "OUT_OF_MEMORY" });
  streams[0]?.tells("status", { state: "failed" });

  expect(streams[0]?.url).toBe("/v1/jobs/4kx2/events");
  expect(heard.filter((word) => word !== "live")).toEqual(["step 7", "changed", "failed"]);
});

it("a stream that is open but tells nothing is not live", () => {
  start();

  streams[0]?.tells("open");

  expect(heard).toEqual([]);
});

it("a stream that broke off is left to the browser, and trusted once it is back", () => {
  start();

  streams[0]?.tells("open");
  streams[0]?.tells("progress", { step: 7 });
  streams[0]?.tells("error");
  vi.advanceTimersByTime(60_000);
  streams[0]?.tells("open");

  expect(heard).toEqual(["live", "step 7", "not live", "live"]);
  expect(streams).toHaveLength(1);
});

it("a stream that was refused is opened again after a while, unless nobody listens any more", () => {
  const stop = start();

  streams[0]?.close();
  streams[0]?.tells("error");
  vi.advanceTimersByTime(30_000);
  expect(streams).toHaveLength(2);
  streams[1]?.close();
  streams[1]?.tells("error");
  stop();
  vi.advanceTimersByTime(60_000);

  expect(streams).toHaveLength(2);
  expect(heard).toEqual(["not live", "not live", "not live"]);
});

describe("a job that is told of", () => {
  const moved = (state: JobDetail["state"], attempt = 1): Move => ({
    state,
    attempt,
    at: "2026-11-22T14:07:00Z",
    by: "pipeline",
    detail: "",
    failure: null,
  });
  const progress = (step: number, samples = 0) => ({
    stage: "training",
    step,
    total: 800,
    loss: 0.1,
    etaSeconds: 60,
    losses: [],
    samples: Array.from({ length: samples }, (_, index) => ({ step: index, url: "" })),
  });
  const job = { state: "queued", attempt: 1, history: [moved("uploaded"), moved("queued")], progress: progress(50, 1), failure: null };

  it("is where its last move leads, before it is read again", () => {
    const after = afterMove(job as unknown as JobDetail, moved("provisioning"));

    expect(after.state).toBe("provisioning");
    expect(after.history).toHaveLength(3);
  });

  it("stays as it is at moves that are known, or of a try that is over", () => {
    const second = { ...job, attempt: 2 } as unknown as JobDetail;

    expect(afterMove(job as unknown as JobDetail, moved("queued"))).toBe(job);
    expect(afterMove(second, moved("failed"))).toBe(second);
  });

  it("never learns backwards, but begins anew with another try", () => {
    const here = job as unknown as JobDetail;

    expect(afterProgress(here, progress(45))).toBe(here);
    expect(afterProgress(here, progress(55)).progress.step).toBe(55);
    expect(afterProgress(here, { ...progress(0), total: 0 }).progress.step).toBe(0);
  });
});
