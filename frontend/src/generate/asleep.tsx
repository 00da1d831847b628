import { useEffect, useRef } from "react";
import type { Model } from "../api/types.ts";
import { costs, hourly } from "../library/endpoint.ts";
import { useWaking } from "../library/queries.ts";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { Trouble } from "../ui/notice.tsx";
import { useLanguage, useWords } from "../words/words.ts";

/** A model that does not answer now: why, what waking costs, and the button. */
export function Asleep({ model }: { model: Model }) {
  const { generate, library } = useWords();
  const say = generate.asleep;
  const language = useLanguage();
  const { state } = model.deployment;
  if (state === "awake") return null;
  const price = hourly(model.deployment, library.endpoint, language);
  return (
    <section className="asleep" aria-labelledby="asleep">
      <h2 id="asleep">{say[state]}</h2>
      <p>{say[`${state}Says`]}</p>
      <dl className="facts">
        <dt>{say.price}</dt>
        <dd>{price}</dd>
      </dl>
      {state === "asleep" || state === "failed" ? <Wake model={model} price={costs(model.deployment) ? price : undefined} /> : <Waking />}
    </section>
  );
}

/** The price stands on the button: pressing it is the yes. */
function Wake({ model, price }: { model: Model; price: string | undefined }) {
  const { asleep: say } = useWords().generate;
  const waking = useWaking(model.id);
  return (
    <>
      <Trouble of={waking} />
      <Button kind="first" wide isPending={waking.isPending} doing={say.doing} onPress={() => waking.mutate()}>
        {price ? say.wakeFor(price) : say.wake}
      </Button>
    </>
  );
}

/** Frames fill as long as it is under way; when it ends nobody knows. */
function Waking() {
  return (
    <div className="waking-frames" aria-hidden="true">
      <span />
      <span />
      <span />
      <span />
    </div>
  );
}

/** Nobody looks at a page for the minutes that waking takes. */
export function useWakingSaid({ deployment: { state } }: Model): void {
  const { asleep: say } = useWords().generate;
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    announce(state === "awake" ? say.awakeNow : say[state]);
  }, [state, say]);
}
