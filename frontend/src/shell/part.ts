import { type ComponentType, useEffect, useState } from "react";
import { hold, whyLost } from "./renewal.ts";

/** A part of the shell in a file of its own, fetched when it is wanted, or earlier when nothing else is to do. */
export function usePart<Props>(load: () => Promise<{ default: ComponentType<Props> }>, wanted: boolean): ComponentType<Props> | undefined {
  const [part, setPart] = useState<{ Part: ComponentType<Props> }>();
  useEffect(() => whenIdle(() => load().catch(() => undefined)), [load]);
  useEffect(() => {
    if (!wanted || part) return;
    load().then(
      ({ default: Part }) => setPart({ Part }),
      async () => hold(await whyLost()),
    );
  }, [load, wanted, part]);
  return part?.Part;
}

const IDLE_MS = 2000;

function whenIdle(act: () => void): () => void {
  const timer = setTimeout(act, IDLE_MS);
  return () => clearTimeout(timer);
}
