import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobChange } from "../api/jobs.ts";
import { ApiError, offline } from "../api/problems.ts";
import type { JobDetail } from "../api/types.ts";
import { Copy, type Store } from "./copies.ts";
import { Draft, type Service } from "./draft.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const NEW = { id: "j1", name: "New sheet", subject: "sks", classWord: "thing", method: "dreambooth", preset: "standard", consented: null };

/** A service that keeps one job, and takes a change only of the version that was read. */
function theService() {
  let [job, version, seen] = [{ ...NEW, updated: "2026-11-23T00:00:00.000Z" } as unknown as JobDetail, 0, 0];
  const state = { down: false, asked: [] as JobChange[] };
  const put = ({ consent, ...words }: JobChange) => {
    const consented = consent === undefined ? job.consented : consent ? "2026-11-23T01:00:00Z" : null;
    job = { ...job, ...words, consented, updated: new Date(Date.parse(job.updated) + ++version).toISOString() };
  };
  const service: Service = {
    change: async (_id, change) => {
      if (state.down) throw offline();
      if (seen !== version) throw new ApiError("VERSION_STALE", "", false);
      state.asked.push(change);
      put(change);
      seen = version;
      return job;
    },
    read: async () => {
      seen = version;
      return job;
    },
    told: () => {},
  };
  return { service, state, put, job: () => job };
}

function aStore(): Store {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

const settle = () => vi.advanceTimersByTimeAsync(1000);

it("what she types is with the service a moment later, and only what has changed", async () => {
  const { service, state, job } = theService();
  const draft = new Draft(job(), service, new Copy("words", aStore));

  draft.say({ classWord: "a cat" });
  await settle();

  expect(state.asked).toEqual([{ name: "Cat", classWord: "cat" }]);
  expect(draft.said()).toMatchObject({ saving: "saved", words: { classWord: "a cat", name: "" } });
});

it("what was typed without a line is there after a reload, and sent", async () => {
  const { service, state, job } = theService();
  const store = aStore();
  state.down = true;
  new Draft(job(), service, new Copy("words", () => store)).say({ subject: "vexl" });
  await settle();

  state.down = false;
  const draft = new Draft(job(), service, new Copy("words", () => store));
  expect(draft.said().words.subject).toBe("vexl");
  await settle();

  expect(job().subject).toBe("vexl");
  expect(new Copy("words", () => store).read()).toBeUndefined();
});

it("what an older version kept on this machine has no method, and takes none away", async () => {
  const { service, state, job } = theService();
  const store = aStore();
  const { name, subject, classWord, preset } = NEW;
  const before = { name: "", subject, classWord: "", preset, consent: false };
  new Copy("words", () => store).write({ words: { ...before, subject: "vexl" }, before });

  const draft = new Draft(job(), service, new Copy("words", () => store));
  await settle();

  expect(draft.said().words).toMatchObject({ method: "dreambooth", subject: "vexl" });
  expect(state.asked).toEqual([{ subject: "vexl" }]);
  expect(job()).toMatchObject({ name, classWord, method: "dreambooth" });
});

it("what it is to become is sent at once", async () => {
  const { service, state, job } = theService();
  const draft = new Draft(job(), service, new Copy("words", aStore));

  draft.say({ method: "lora" });
  await draft.settled();

  expect(state.asked).toEqual([{ method: "lora" }]);
});

it("other words that another window changed meanwhile are taken over, and hers are sent again", async () => {
  const { service, put, job } = theService();
  const draft = new Draft(job(), service, new Copy("words", aStore));
  put({ classWord: "dog", name: "Dog" });

  draft.say({ subject: "vexl" });
  await settle();

  expect(draft.said()).toMatchObject({ saving: "saved", words: { classWord: "dog", subject: "vexl" }, clash: {} });
  expect(job()).toMatchObject({ classWord: "dog", subject: "vexl" });
});

it("the same word, changed in two windows, is written over in neither until she says whose", async () => {
  const { service, put, job } = theService();
  const draft = new Draft(job(), service, new Copy("words", aStore));
  put({ subject: "jorv" });

  draft.say({ subject: "vexl" });
  await settle();
  expect(draft.said()).toMatchObject({ words: { subject: "vexl" }, clash: { subject: "jorv" } });
  expect(job().subject).toBe("jorv");
  draft.settle("mine");
  await settle();

  expect(job().subject).toBe("vexl");
  expect(draft.said().clash).toEqual({});
});

it("an answer that was overtaken does not take her words back", async () => {
  const { service, job } = theService();
  const before = job();
  const draft = new Draft(before, service, new Copy("words", aStore));
  draft.say({ subject: "vexl" });
  await settle();

  draft.seen(before);

  expect(draft.said().words.subject).toBe("vexl");
});

it("consent is said and taken back", async () => {
  const { service, job } = theService();
  const draft = new Draft(job(), service, new Copy("words", aStore));

  draft.say({ consent: true });
  await draft.settled();
  expect(job().consented).not.toBeNull();
  draft.say({ consent: false });
  await draft.settled();

  expect(job().consented).toBeNull();
});
