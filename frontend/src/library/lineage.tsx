import type { Model, Version } from "../api/types.ts";
import { useWords } from "../words/words.ts";
import { Copyable } from "./copied.tsx";

/** Where a version comes from: names that lead there, to be pasted elsewhere. */
export function Lineage({ model, version: { lineage, result } }: { model: Model; version: Version }) {
  const { lineage: say } = useWords().library;
  const known = [
    [say.base, lineage.baseModel],
    [say.method, lineage.method],
    [say.job, model.id],
    [say.pipeline, lineage.pipeline],
    [say.registered, lineage.registered],
    [say.endpoint, result.endpoint],
  ] as const;
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">{say.heading}</h2>
      <p className="quiet">{say.lead}</p>
      <dl className="lineage">
        {known
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Copyable name={name} value={value} />
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
