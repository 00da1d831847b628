import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { follow, type Source } from "./live.ts";

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
  moved: () => heard.push("moved"),
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

it("a stream tells progress, and that there is something to look at", () => {
  start();

  streams[0]?.tells("open");
  streams[0]?.tells("progress", { step: 7 });
  streams[0]?.tells("status", { state: "failed" });
  streams[0]?.tells("error", { code: "OUT_OF_MEMORY" });

  expect(streams[0]?.url).toBe("/v1/jobs/4kx2/events");
  expect(heard).toEqual(["live", "step 7", "moved"]);
});

it("a stream that broke off is left to the browser", () => {
  start();

  streams[0]?.tells("open");
  streams[0]?.tells("error");
  vi.advanceTimersByTime(60_000);
  streams[0]?.tells("open");

  expect(heard).toEqual(["live", "not live", "live"]);
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
