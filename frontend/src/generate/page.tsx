import { Link, useParams } from "@tanstack/react-router";
import { codeOf } from "../api/problems.ts";
import { useConfig } from "../api/queries.ts";
import type { Config, Model } from "../api/types.ts";
import { EndpointLine } from "../library/endpoint-line.tsx";
import { useModel } from "../library/queries.ts";
import { look } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useTitle } from "../ui/title.ts";
import { useWords } from "../words/words.ts";
import { useWakingSaid } from "./asleep.tsx";
import { Batches } from "./batches.tsx";
import { OrderForm } from "./order.tsx";
import { useOrder } from "./ordering.ts";
import { PickedBar } from "./picked-bar.tsx";
import { usePrinting } from "./queries.ts";
import "./generate.css";

/** Where a model is printed with: the order left, what it gave right. */
export function GeneratePage() {
  const { id } = useParams({ from: "/models/$id/generate" });
  const { generate: say } = useWords();
  const model = useModel(id);
  const config = useConfig();
  if (model.data && config.data) return <Studio key={id} model={model.data} config={config.data} isStale={model.isError} />;
  if (codeOf(model.error) === "NOT_FOUND") return <NoModel id={id} />;
  const failed = [model, config].find((query) => query.error);
  return (
    <section className="page">
      <h1>{say.oneMoment}</h1>
      {failed ? <ErrorNotice error={failed.error} again={failed.refetch} /> : <Unexposed label={say.fetching} />}
    </section>
  );
}

function Studio({ model, config, isStale }: { model: Model; config: Config; isStale: boolean }) {
  const { generate: say, library } = useWords();
  const ordering = useOrder(model, config);
  const printing = usePrinting(model.id);
  useTitle(say.title(model.name));
  useWakingSaid(model);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <p className="print">
            <Link to="/models/$id" params={{ id: model.id }}>
              {library.number(model.id)}
            </Link>{" "}
            · {say.batches.version(model.versions)}
          </p>
          <h1>{say.title(model.name)}</h1>
        </div>
        {isStale ? null : <EndpointLine deployment={model.deployment} />}
      </header>
      <div className="panel-and-work">
        <OrderForm model={model} config={config} ordering={ordering} printing={printing} />
        <Batches model={model} printing={printing} />
      </div>
      <PickedBar />
    </div>
  );
}

function NoModel({ id }: { id: string }) {
  const { generate: say } = useWords();
  useTitle(say.notHere);
  return (
    <section className="page">
      <h1>{say.notHere}</h1>
      <p className="lead">{say.notHereLead}</p>
      <div className="actions">
        <Link to="/jobs/$id" params={{ id }} className={look("first")}>
          {say.toSheet}
        </Link>
        <Link to="/models" className={look()}>
          {say.toModels}
        </Link>
      </div>
    </section>
  );
}
