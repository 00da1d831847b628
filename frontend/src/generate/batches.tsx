import type { Model } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Unexposed } from "../ui/film.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";
import { Batch } from "./batch.tsx";
import { all } from "./lists.ts";
import { useGenerations, type usePrinting } from "./queries.ts";

type BatchesProps = { model: Model; printing: ReturnType<typeof usePrinting> };

/** All prints of a model, the latest order first; what was asked for just now before them. */
export function Batches({ model, printing }: BatchesProps) {
  const { batches: say, fetching } = useWords().generate;
  const list = useGenerations({ model: model.id });
  const made = all(list.data);
  const coming = printing.isPending ? printing.variables : undefined;
  return (
    <section className="work batches" aria-labelledby="batches">
      <h2 id="batches" tabIndex={-1}>
        {say.heading}
      </h2>
      {list.error ? <ErrorNotice error={list.error} again={list.refetch} /> : null}
      {coming ? <Coming prompt={coming.order.prompt} seed={coming.order.seed} count={coming.order.count} /> : null}
      {list.isPending ? <Unexposed count={4} label={fetching} /> : null}
      {list.data && made.length === 0 && !coming ? <None count={4} /> : null}
      {made.map((one) => (
        <Batch key={one.id} made={one} model={model} printing={printing} />
      ))}
      {list.hasNextPage ? (
        <Button onPress={() => list.fetchNextPage()} isPending={list.isFetchingNextPage} doing={say.earlierComing}>
          {say.earlier}
        </Button>
      ) : null}
    </section>
  );
}

/** Until the service has answered. */
function Coming({ prompt, seed, count }: { prompt: string; seed: number; count: number }) {
  const { missing: say } = useWords().generate;
  return (
    <article className="batch">
      <header className="batch-head">
        <h3>{prompt}</h3>
      </header>
      <Plates seeds={Array.from({ length: count }, (_, index) => String(seed + index))} word={say.waiting} />
    </article>
  );
}

function None({ count }: { count: number }) {
  const { batches: say } = useWords().generate;
  return (
    <div className="batch batch-none">
      <h3>{say.none}</h3>
      <p className="quiet">{say.noneSays}</p>
      <Plates seeds={Array.from({ length: count }, (_, index) => String(index + 1))} word="" />
    </div>
  );
}

function Plates({ seeds, word }: { seeds: readonly string[]; word: string }) {
  return (
    <div className="prints" aria-hidden="true">
      {seeds.map((seed) => (
        <div key={seed} className="proof proof-waiting">
          <div className="proof-picture">
            <span className="proof-why">{word}</span>
          </div>
          <div className="proof-edge">
            <span>{seed}</span>
          </div>
        </div>
      ))}
    </div>
  );
}
