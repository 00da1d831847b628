import type { ReactNode } from "react";
import type { Tally } from "../choose/frames.ts";
import { Button } from "../ui/button.tsx";
import { useWords } from "../words/words.ts";
import type { Developing } from "./developing.ts";
import type { Readiness } from "./readiness.ts";

type GoProps = { counts: Tally; ready: Readiness; paused: boolean; developing: Developing; trouble: ReactNode };

/** The one red button of the journey: what it does, what it waits for, and how to call it off. */
export function Go({ counts, ready, paused, developing, trouble }: GoProps) {
  const { check: text } = useWords();
  const { isPending, handingIn, develop, callOff } = developing;
  const waiting = isPending && !handingIn && counts.underway > 0;
  return (
    <div className="go">
      {trouble}
      <Button
        kind="first"
        wide
        isDisabled={!isPending && (ready === "missing" || paused)}
        isPending={isPending}
        doing={waiting ? text.waiting(counts.underway) : text.starting}
        onPress={develop}
      >
        {text.go(counts.kept)}
      </Button>
      <p className="help" aria-live="polite">
        {says()}
      </p>
      {waiting ? (
        <Button kind="bare" onPress={callOff}>
          {text.notYet}
        </Button>
      ) : null}
    </div>
  );

  function says(): string {
    if (waiting) return text.says.waiting;
    if (paused) return text.says.paused;
    return ready === "stopped" ? text.says.stopped(counts.stopped) : text.says[ready];
  }
}
