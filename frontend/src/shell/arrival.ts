import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

/** Somebody who went to another page stands at its heading: that is what a screen reader says next, and from where Tab goes on. A heading
 * that comes late, because the page was still being fetched, gets the focus as long as nobody has taken it elsewhere. */
export function useArrival(): void {
  const router = useRouter();
  useEffect(() => {
    let stop: () => void = () => undefined;
    const leave = router.subscribe("onRendered", ({ pathChanged, fromLocation }) => {
      if (!pathChanged || !fromLocation) return;
      stop();
      stop = standAtHeading();
    });
    return () => {
      leave();
      stop();
    };
  }, [router]);
}

const LATE_MS = 10_000;

function standAtHeading(): () => void {
  focusHeading(true);
  const later = new MutationObserver(() => focusHeading(false));
  const stop = () => {
    later.disconnect();
    clearTimeout(timer);
    for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, stop, true);
  };
  const timer = setTimeout(stop, LATE_MS);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, stop, true);
  later.observe(document.getElementById("content") ?? document.body, { childList: true, subtree: true });
  return stop;
}

/** Nothing is taken from a field that the page itself has chosen. */
function focusHeading(fresh: boolean): void {
  const content = document.getElementById("content");
  const held = document.activeElement;
  if (content?.contains(held) && held !== content) return;
  if (!fresh && held !== document.body && held !== content) return;
  const heading = content?.querySelector("h1") ?? content;
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
