import { useSyncExternalStore } from "react";

/** What was said last, and how often something was: the same sentence twice is said twice. */
let said = { text: "", count: 0 };
const listeners = new Set<() => void>();

/** Says something to screen readers once they are done with their sentence. For news that the eye finds elsewhere on the page. */
export function announce(text: string): void {
  said = { text, count: said.count + 1 };
  for (const told of listeners) told();
}

function listen(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

/** The one live region of all pages; an open dialog hides everything of the page but this. */
export function Announcer() {
  const { text, count } = useSyncExternalStore(listen, () => said);
  return (
    <div className="unseen" role="status" aria-live="polite" data-live-announcer="true">
      {text ? <p key={count}>{text}</p> : null}
    </div>
  );
}
