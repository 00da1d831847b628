/** Which calls have gone without an answer for so long that a page should say so. */

const LATE_MS = 8000;

let late = 0;
const watchers = new Set<() => void>();

function count(change: number): void {
  late += change;
  for (const changed of watchers) changed();
}

/** A call began; what this answers says that it ended, and may be called twice. */
export function begun(lateMs = LATE_MS): () => void {
  let state: "waiting" | "late" | "over" = "waiting";
  const timer = setTimeout(() => {
    state = "late";
    count(1);
  }, lateMs);
  return () => {
    clearTimeout(timer);
    if (state === "late") count(-1);
    state = "over";
  };
}

export const anyLate = (): boolean => late > 0;

/** Until what this answers is called. */
export function watchLate(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}
