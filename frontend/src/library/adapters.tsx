import { useMutation } from "@tanstack/react-query";
import { download } from "../api/models.ts";
import type { Model, Version, Weights } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { bytes } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { useWeights } from "./queries.ts";

type Adapter = Weights["adapters"][number];

/** What a model has learnt, as a file of its own for each family of tools; nothing where its method leaves none. */
export function Adapters({ model, version }: { model: Model; version: Version }) {
  const { adapters: say } = useWords().library;
  const { data: weights } = useWeights(model.id, version.number);
  const adapters = weights?.adapters ?? [];
  if (adapters.length === 0) return null;
  return (
    <section aria-labelledby="adapters">
      <h2 id="adapters">{say.heading}</h2>
      <p className="quiet">{say.lead}</p>
      <ul className="adapters">
        {adapters.map((adapter) => (
          <Get key={adapter.format} adapter={adapter} />
        ))}
      </ul>
    </section>
  );
}

function Get({ adapter: { format, size, url } }: { adapter: Adapter }) {
  const { adapters, weights: say } = useWords().library;
  const language = useLanguage();
  const reads = adapters.reads[format];
  const get = useMutation({ mutationFn: () => download(url) });
  return (
    <li>
      <span>{reads}</span>
      <span className="print">{bytes(size, language)}</span>
      <Button isPending={get.isPending} doing={say.getting} onPress={() => get.mutate()} aria-label={`${say.get}: ${reads}`}>
        {say.get}
      </Button>
      {get.error ? <ErrorNotice error={get.error} again={() => get.mutate()} /> : null}
    </li>
  );
}
