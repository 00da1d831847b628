import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../api/problems.ts";
import type { Model, Version } from "../api/types.ts";
import { look } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { Segments } from "../ui/segments.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { Adapters } from "./adapters.tsx";
import { Card } from "./card.tsx";
import { Copy } from "./copied.tsx";
import { DeleteModel } from "./delete-model.tsx";
import { EndpointPanel } from "./endpoint-panel.tsx";
import { Lineage } from "./lineage.tsx";
import { useModel, useVersions } from "./queries.ts";
import { VersionStrip } from "./version-strip.tsx";
import { Weights } from "./weights.tsx";

/** One model: what it is, whether it is awake, where it comes from, and how to take it along or delete it. */
export function ModelPage() {
  const { id } = useParams({ from: "/models/$id" });
  const { data: model, error, refetch } = useModel(id);
  if (model) return <ModelHere model={model} error={error} again={refetch} />;
  if (error instanceof ApiError && error.code === "NOT_FOUND") return <Gone />;
  return <Fetching error={error} again={refetch} />;
}

type Tried = { error: unknown; again(): unknown };

function ModelHere({ model, error, again }: Tried & { model: Model }) {
  useTitle(model.name);
  return (
    <div className="page">
      <Head model={model} />
      {error ? <ErrorNotice error={error} again={again} /> : null}
      <div className="model-halves">
        <aside>
          <EndpointPanel model={model} />
        </aside>
        <div className="work">
          <Versions model={model} />
          <DeleteModel model={model} />
        </div>
      </div>
    </div>
  );
}

function Head({ model }: { model: Model }) {
  const { library: say } = useWords();
  const here = { params: { id: model.id } };
  return (
    <header className="page-head">
      <div>
        <p className="print">
          {say.number(model.id)} · {say.versions(model.versions)} · {say.prints(model.generations)}
        </p>
        <h1>{model.name}</h1>
        <p className="lead">{say.model.knows(model.subject, model.classWord)}</p>
        <p className="answers">
          {say.model.answers} <q>{model.prompt}</q> <Copy text={model.prompt} label={say.model.copyPrompt} />
        </p>
      </div>
      <div className="actions">
        <Link to="/models/$id/generate" {...here} className={look("first")}>
          {say.print}
        </Link>
        {model.generations > 0 ? (
          <Link to="/prints" search={{ model: model.id } as never} className={look()}>
            {say.seePrints}
          </Link>
        ) : null}
        <Link to="/jobs/$id" {...here} className={look()}>
          {say.sheet}
        </Link>
      </div>
    </header>
  );
}

/** The newest version, or the one that was chosen. */
function Versions({ model }: { model: Model }) {
  const { library: say } = useWords();
  const { data: versions, error, refetch } = useVersions(model.id);
  const [chosen, setChosen] = useState<string>();
  if (!versions) return error ? <ErrorNotice error={error} again={refetch} /> : <Unexposed label={say.model.fetching} />;
  const version = versions.find(({ number }) => String(number) === chosen) ?? versions[0];
  const options = versions.map(({ number }) => ({ id: String(number), label: say.version(number) }));
  return (
    <>
      {version && versions.length > 1 ? (
        <Segments label={say.table.heading} value={String(version.number)} options={options} onChange={setChosen} />
      ) : null}
      {version ? <VersionHere key={version.number} model={model} version={version} /> : null}
    </>
  );
}

function VersionHere({ model, version }: { model: Model; version: Version }) {
  return (
    <>
      <VersionStrip model={model} version={version} />
      <Lineage model={model} version={version} />
      <Adapters model={model} version={version} />
      <Weights model={model} version={version} />
      <Card model={model} version={version} />
    </>
  );
}

function Fetching({ error, again }: Tried) {
  const { model: say } = useWords().library;
  return (
    <section className="page">
      <h1>{error ? say.unreached : say.heading}</h1>
      {error ? <ErrorNotice error={error} again={again} /> : null}
      <Unexposed label={error ? "" : say.fetching} />
    </section>
  );
}

function Gone() {
  const { model: say } = useWords().library;
  useTitle(say.gone);
  return (
    <section className="page">
      <h1>{say.gone}</h1>
      <p className="lead">{say.goneLead}</p>
      <Link to="/models" className={look()}>
        {say.toModels}
      </Link>
    </section>
  );
}
