import { Link } from "@tanstack/react-router";
import { sized } from "../api/client.ts";
import { useJob } from "../api/queries.ts";
import type { JobDetail, Model, Version } from "../api/types.ts";
import { Edge, Film, Plate } from "../ui/film.tsx";
import { bytes, clock, day, number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { verdict } from "./likeness.ts";
import { useWeights } from "./queries.ts";
import { stored } from "./storage.ts";

type Of = { model: Model; version: Version };
const SAMPLES = 4;

/** How a version learnt, frame by frame, and what came of it. */
export function VersionStrip({ model, version }: Of) {
  const { library: say } = useWords();
  const { data: job } = useJob(model.id);
  const ofThis = job?.attempt === version.number ? job : undefined;
  return (
    <section aria-labelledby="version">
      <h2 id="version">{say.version(version.number)}</h2>
      <Frames version={version} samples={ofThis?.progress.samples ?? []} />
      <Said version={version} />
      <Facts model={model} version={version} steps={ofThis?.steps} />
      <p className="further">
        <Link to="/jobs/$id/result" params={{ id: model.id }}>
          {say.beforeAfter}
        </Link>
        <Link to="/models/$id/generate" params={{ id: model.id }}>
          {say.compare}
        </Link>
      </p>
    </section>
  );
}

type Samples = JobDetail["progress"]["samples"];

/** Before, on the way, after. */
function Frames({ version: { number: count, result }, samples }: { version: Version; samples: Samples }) {
  const { film: say } = useWords().library;
  const shown = samples.filter(({ step }) => step !== null).slice(-SAMPLES);
  return (
    <Film edge={<span>{say.frames}</span>}>
      <ol className="strip learnt" aria-label={say.label(count)}>
        {result.before ? <Frame picture={result.before} alt={say.untunedAlt} left={say.untuned} likeness={result.likenessBefore} /> : null}
        {shown.map(({ step, url }) => (
          <Frame key={url} picture={url} alt={say.sampleAlt(step ?? 0)} left={say.step(step ?? 0)} likeness={null} />
        ))}
        {result.after ? <Frame picture={result.after} alt={say.afterAlt} left={say.done(count)} likeness={result.likenessAfter} /> : null}
      </ol>
    </Film>
  );
}

type FrameProps = { picture: string; alt: string; left: string; likeness: number | null };

function Frame({ picture, alt, left, likeness }: FrameProps) {
  const language = useLanguage();
  return (
    <li className="frame">
      <Plate picture={sized(picture, 600)} alt={alt} className="plate-square first-tile" />
      <Edge left={left} right={likeness === null ? "" : number(likeness, language, 2)} />
    </li>
  );
}

function Said({ version: { result } }: { version: Version }) {
  const { likeness: say } = useWords().library;
  const language = useLanguage();
  const found = verdict(result);
  if (!found) return <p>{say.none}</p>;
  const figure = (value: number | null) => number(value ?? 0, language, 2);
  return (
    <div>
      <p>{say[found](figure(result.likenessBefore), figure(result.likenessAfter))}</p>
      <p className="help">{say.explained}</p>
    </div>
  );
}

function Facts({ model, version, steps }: Of & { steps: number | undefined }) {
  const { describe, library } = useWords();
  const { table: say } = library;
  const { fact, label } = describe.methods[version.lineage.method];
  const language = useLanguage();
  const { data: weights } = useWeights(model.id, version.number);
  const facts = [
    [say.when, `${day(version.created, language)}, ${clock(version.created, language)}`],
    [say.steps, steps ? number(steps, language) : say.unknown],
    [say.method, `${fact}, ${label}`],
    [say.pictures, number(version.lineage.pictures, language)],
    [say.size, weights ? bytes(stored(weights), language) : "…"],
  ];
  return (
    <dl className="version-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
