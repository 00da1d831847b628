/** Whether the caller is known. Any answer may say that the session is over; one that needs a session says that it is back. */

type Session = "known" | "over";

let now: Session = "known";
const watchers = new Set<() => void>();

function become(next: Session): void {
  if (next === now) return;
  now = next;
  for (const changed of watchers) changed();
}

export const session = (): Session => now;
export const sessionEnded = (): void => become("over");
export const sessionResumed = (): void => become("known");

/** Until what this answers is called. */
export function watchSession(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** Identity-Aware Proxy signs in anew at this address, in a window of its own. */
export const REFRESH = "/?gcp-iap-mode=DO_SESSION_REFRESH";
