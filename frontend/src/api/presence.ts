/** Whether somebody looks at this page, and when they come back to it: from another window, a closed laptop, a lost network. */

import { useSyncExternalStore } from "react";

/** A page that nobody has looked at for so long need not be live. */
const AWAY_MS = 60_000;
const TICK_MS = 5_000;
/** Between two ticks of a page that was not asleep. */
const ASLEEP_MS = 20_000;

/** `returns` counts how often they came back. */
export type Presence = { readonly here: boolean; readonly returns: number };

type Surroundings = { readonly hidden: () => boolean; readonly now: () => number; listen(event: string, act: () => void): () => void };

export function watchPresence(tell: (presence: Presence) => void, around: Surroundings): () => void {
  let presence: Presence = { here: true, returns: 0 };
  let last = around.now();
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const say = (next: Presence) => {
    presence = next;
    tell(presence);
  };
  const back = () => say({ here: true, returns: presence.returns + 1 });
  const seen = () => {
    clearTimeout(leaving);
    if (around.hidden()) leaving = setTimeout(() => say({ ...presence, here: false }), AWAY_MS);
    else if (!presence.here) back();
  };
  const tick = setInterval(() => {
    const slept = around.now() - last > ASLEEP_MS && !around.hidden();
    last = around.now();
    if (slept) back();
  }, TICK_MS);
  const deaf = [around.listen("visibilitychange", seen), around.listen("online", back)];
  return () => {
    clearTimeout(leaving);
    clearInterval(tick);
    for (const stop of deaf) stop();
  };
}

let now: Presence = { here: true, returns: 0 };
const listeners = new Set<() => void>();
let stop: (() => void) | undefined;

const surroundings: Surroundings = {
  hidden: () => document.hidden,
  now: () => Date.now(),
  listen(event, act) {
    const target = event === "online" ? window : document;
    target.addEventListener(event, act);
    return () => target.removeEventListener(event, act);
  },
};

function listen(told: () => void): () => void {
  listeners.add(told);
  stop ??= watchPresence((presence) => {
    now = presence;
    for (const each of listeners) each();
  }, surroundings);
  return () => {
    listeners.delete(told);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

export const usePresence = (): Presence => useSyncExternalStore(listen, () => now);
