import { useEffect, useRef } from "react";
import type { Model } from "../api/types.ts";
import { announce } from "../ui/announce.tsx";
import { Notice } from "../ui/notice.tsx";
import { clock, day, money } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { costs, endpointLine, until } from "./endpoint.ts";
import { Lamp } from "./endpoint-line.tsx";
import { WakeOrSleep } from "./waking.tsx";

/** Whether the model answers now, what that costs, and the button that changes it. */
export function EndpointPanel({ model }: { model: Model }) {
  const { endpoint: say } = useWords().library;
  const { state, failure } = model.deployment;
  useSaying(model);
  return (
    <section className="panel endpoint" aria-labelledby="endpoint">
      <h2 id="endpoint" className={state === "awake" ? "good" : ""}>
        <Lamp state={state} />
        {say[state]}
      </h2>
      <Says model={model} />
      <Costs model={model} />
      {failure ? <Notice>{failure.text}</Notice> : null}
      <WakeOrSleep model={model} />
    </section>
  );
}

/** Nobody looks at a panel for the minutes that waking takes. */
function useSaying({ name, deployment }: Model) {
  const { endpoint: say } = useWords().library;
  const language = useLanguage();
  const before = useRef(deployment.state);
  useEffect(() => {
    if (before.current === deployment.state) return;
    before.current = deployment.state;
    announce(`${name}: ${endpointLine(deployment, say, language)}`);
  }, [name, deployment, say, language]);
}

function Says({ model: { deployment } }: { model: Model }) {
  const { endpoint: say } = useWords().library;
  const language = useLanguage();
  const sentences = {
    awake: () => say.awakeSays(until(deployment.until, say, language)),
    waking: () => say.wakingSays(clock(deployment.since, language)),
    sleeping: () => say.sleepingSays,
    asleep: () => say.asleepSays,
    failed: () => say.failedSays,
  };
  return <p className="quiet">{sentences[deployment.state]()}</p>;
}

function Costs({ model: { deployment } }: { model: Model }) {
  const { endpoint: say } = useWords().library;
  const language = useLanguage();
  const price = costs(deployment) ? say.anHour(money(deployment.hourlyPrice, deployment.currency, language)) : say.nothing;
  const isAwake = deployment.state === "awake";
  return (
    <dl className="facts endpoint-facts">
      <dt>{say.now}</dt>
      <dd>{isAwake ? price : say.nothing}</dd>
      {isAwake ? null : (
        <>
          <dt>{say.price}</dt>
          <dd>{price}</dd>
        </>
      )}
      {isAwake && deployment.until ? (
        <>
          <dt>{say.until}</dt>
          <dd>{`${day(deployment.until, language)}, ${clock(deployment.until, language)}`}</dd>
        </>
      ) : null}
    </dl>
  );
}
