import { Link } from "@tanstack/react-router";
import { sized } from "../api/client.ts";
import type { Model } from "../api/types.ts";
import { look } from "../ui/button.tsx";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { EndpointLine } from "./endpoint-line.tsx";
import { useVersions } from "./queries.ts";
import { WakeOrSleep } from "./waking.tsx";

const FRAMES = 6;

/** One model of many: what it draws, what it is, and whether it is awake. */
export function ModelStrip({ model }: { model: Model }) {
  const { library: say } = useWords();
  return (
    <li className="model">
      <Covers model={model} />
      <div className="model-text">
        <p className="print">
          {say.number(model.id)} · {model.classWord} · {model.subject}
        </p>
        <h2>
          <Link to="/models/$id" params={{ id: model.id }} className="cover-link">
            {model.name}
          </Link>
        </h2>
        <Facts model={model} />
        <EndpointLine deployment={model.deployment} />
        <div className="actions model-actions">
          <Link to="/models/$id/generate" params={{ id: model.id }} className={look()}>
            {say.print}
            <span className="unseen">: {model.name}</span>
          </Link>
          <WakeOrSleep model={model} />
        </div>
      </div>
    </li>
  );
}

/** How it learnt: what the untuned model drew, then what this one did, the newest last. */
function Covers({ model }: { model: Model }) {
  const { library: say } = useWords();
  const { data: versions } = useVersions(model.id);
  const before = versions?.[0]?.result.before ?? undefined;
  const learnt = Array.from({ length: FRAMES - 1 }, (_, index) => model.covers[FRAMES - 2 - index]);
  const facts = [say.film.untuned, ...learnt.slice(1).map(() => ""), say.film.tuned];
  const edge = (
    <>
      <span>{say.model.edge(model.subject)}</span>
      <span>{model.prompt}</span>
    </>
  );
  return (
    <Film className="film-row" edge={edge}>
      <div className="strip" aria-hidden="true">
        {[before, ...learnt].map((picture, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its place on the strip
          <div className="frame" key={index}>
            <Plate picture={picture && sized(picture, 400)} className="plate-square first-tile" />
            <Edge left={index + 1} right={facts[index]} />
          </div>
        ))}
      </div>
    </Film>
  );
}

/** "1 version · 12 prints · likeness 0.82" */
function Facts({ model }: { model: Model }) {
  const { library: say } = useWords();
  const language = useLanguage();
  const { data: versions } = useVersions(model.id);
  const after = versions?.[0]?.result.likenessAfter;
  const likeness = versions && (after == null ? say.likeness.unmeasured : say.likeness.short(number(after, language, 2)));
  return <p>{[say.versions(model.versions), say.prints(model.generations), likeness].filter(Boolean).join(" · ")}</p>;
}
