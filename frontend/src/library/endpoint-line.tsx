import type { Deployment } from "../api/types.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { endpointLine } from "./endpoint.ts";
import "./endpoint-line.css";

/** "awake until 16:40, US$0.95 an hour", with a lamp that is lit while it is awake. */
export function EndpointLine({ deployment }: { deployment: Deployment }) {
  const { endpoint: say } = useWords().library;
  const language = useLanguage();
  return (
    <p className={deployment.state === "awake" ? "endpoint-line good" : "endpoint-line quiet"}>
      <Lamp state={deployment.state} />
      {endpointLine(deployment, say, language)}
    </p>
  );
}

/** Full, half or empty: told apart without its colour, too. */
export function Lamp({ state }: { state: Deployment["state"] }) {
  return (
    <svg className="lamp" viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="4.5" />
      {state === "awake" ? <circle className="lamp-lit" cx="6" cy="6" r="4.5" /> : null}
      {state === "waking" || state === "sleeping" ? <path className="lamp-lit" d="M6 1.5a4.5 4.5 0 0 1 0 9z" /> : null}
      {state === "failed" ? <path d="M3.5 3.5l5 5M8.5 3.5l-5 5" /> : null}
    </svg>
  );
}
