/** The workers that prepare files: as many as help, started with the first file, gone a while after the last. */

import workerFile from "./prepare.worker.ts?worker&url";
import type { Answer, Order } from "./prepared.ts";
import { trusted } from "./trusted.ts";

/** Two took 0.6 of the time of one with two cores; more than that only take each other's memory. */
const WORKERS = Math.min(2, Math.max(1, navigator.hardwareConcurrency ?? 1));
/** A file that takes longer is not a photo that somebody took. */
const PATIENCE_MS = 90_000;
const IDLE_MS = 60_000;

type Task = { readonly order: Order; resolve(answer: Answer): void };

class Hand {
  readonly #worker = new Worker(trusted(workerFile), { type: "module" });
  readonly #done: (hand: Hand, broken: boolean) => void;
  #task: Task | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(done: (hand: Hand, broken: boolean) => void) {
    this.#done = done;
    this.#worker.addEventListener("message", ({ data }: MessageEvent<{ answer: Answer }>) => this.#end(data.answer, false));
    this.#worker.addEventListener("error", () => this.#end({ refused: { code: "unreadable" } }, true));
  }

  take(task: Task): void {
    this.#task = task;
    this.#patience = setTimeout(() => this.#end({ refused: { code: "unreadable" } }, true), PATIENCE_MS);
    this.#worker.postMessage({ id: 0, order: task.order });
  }

  leave(): void {
    this.#worker.terminate();
  }

  #end(answer: Answer, broken: boolean): void {
    clearTimeout(this.#patience);
    const task = this.#task;
    this.#task = undefined;
    this.#done(this, broken);
    task?.resolve(answer);
  }
}

const line: Task[] = [];
const free: Hand[] = [];
let hands = 0;
let idle: ReturnType<typeof setTimeout> | undefined;

/** What is sent of a file, or why it cannot be. `soon`: before those in line, for what somebody waits for. */
export function prepare(order: Order, soon = false): Promise<Answer> {
  return new Promise((resolve) => {
    if (soon) line.unshift({ order, resolve });
    else line.push({ order, resolve });
    next();
  });
}

function next(): void {
  clearTimeout(idle);
  if (line.length === 0) {
    idle = setTimeout(dismiss, IDLE_MS);
    return;
  }
  const hand = free.pop() ?? (hands < WORKERS ? hired() : undefined);
  const task = hand && line.shift();
  if (!hand || !task) return;
  hand.take(task);
  if (line.length > 0) next();
}

function hired(): Hand {
  hands++;
  return new Hand((hand, broken) => {
    if (broken) {
      hand.leave();
      hands--;
    } else free.push(hand);
    next();
  });
}

function dismiss(): void {
  for (const hand of free.splice(0)) {
    hand.leave();
    hands--;
  }
}
