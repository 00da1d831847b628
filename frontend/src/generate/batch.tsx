import { useEffect, useRef } from "react";
import type { Generation, Model } from "../api/types.ts";
import { moment } from "../job/names.ts";
import { announce } from "../ui/announce.tsx";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { number } from "../words/format.ts";
import { useLanguage, useWords } from "../words/words.ts";
import { Forget } from "./forget.tsx";
import { PrintTable } from "./grid.tsx";
import { aSeed, type Order, remixed } from "./orders.ts";
import { arrived, isUnderway, printsOf } from "./prints.ts";
import type { usePrinting } from "./queries.ts";
import { Tile } from "./tile.tsx";

type BatchProps = { made: Generation; model: Model; printing: ReturnType<typeof usePrinting> };

/** What one order gave: its words, its prints, and what did not come. */
export function Batch({ made, model, printing }: BatchProps) {
  const { batches: say } = useWords().generate;
  const held = made.pictures.filter((picture) => picture.blocked).length;
  useArrivalSaid(made);
  return (
    <article className="batch" aria-busy={isUnderway(made)}>
      <header className="batch-head">
        <h3>{made.prompt}</h3>
        <Facts made={made} />
        <div className="batch-actions">
          <Again made={made} model={model} printing={printing} />
          <Forget made={made} isBare onGone={toHeading}>
            {say.remove}
          </Forget>
        </div>
      </header>
      {made.state === "failed" ? <Failed made={made} model={model} printing={printing} /> : null}
      <PrintTable prints={printsOf(made)} modelOf={() => model} className="prints" label={made.prompt}>
        {(tile) => printsOf(made).map((print) => <Tile key={print.key} print={print} {...tile(print)} />)}
      </PrintTable>
      {held > 0 ? <p className="quiet">{say.held(held)}</p> : null}
    </article>
  );
}

/** What had the focus is gone with its batch. */
const toHeading = () => setTimeout(() => document.getElementById("batches")?.focus());

function Facts({ made }: { made: Generation }) {
  const { generate, job } = useWords();
  const say = generate.batches;
  const language = useLanguage();
  const facts = [
    isUnderway(made) ? say.arrived(arrived(made), made.count) : moment(made.created, job, language),
    made.base ? say.untuned : say.version(made.version),
    say.steps(number(made.steps, language)),
    say.guidance(number(made.guidance, language, 1)),
    made.negativePrompt && say.negative(made.negativePrompt),
  ];
  return <p className="print">{facts.filter(Boolean).join(" · ")}</p>;
}

/** A failure by its code, as the service's sentence is English; one that is unknown here as the service says it. */
function Failed({ made, model, printing }: BatchProps) {
  const { batches: say } = useWords().generate;
  const again = orderOf(made);
  const isAwake = model.deployment.state === "awake";
  return (
    <Notice
      action={
        isAwake ? (
          <Button onPress={() => again && printing.mutate({ order: again, base: made.base })} isDisabled={printing.isPending}>
            {say.tryAgain}
          </Button>
        ) : null
      }
    >
      {say.failed[made.failure?.code ?? ""] ?? made.failure?.text ?? say.notDrawn}
    </Notice>
  );
}

function Again({ made, model, printing }: BatchProps) {
  const { batches: say } = useWords().generate;
  const order = orderOf(made);
  if (!order || isUnderway(made) || made.state === "failed" || model.deployment.state !== "awake") return null;
  return (
    <Button
      kind="bare"
      isDisabled={printing.isPending}
      onPress={() => printing.mutate({ order: { ...order, seed: aSeed() }, base: made.base })}
    >
      {say.again}
    </Button>
  );
}

function orderOf(made: Generation): Order | undefined {
  const [first] = printsOf(made);
  return first && remixed(first, made.count);
}

/** Once for each order, when its last print is there. */
function useArrivalSaid(made: Generation): void {
  const { batches: say } = useWords().generate;
  const wasUnderway = useRef(isUnderway(made));
  useEffect(() => {
    if (wasUnderway.current && made.state === "done") announce(say.done(made.count));
    wasUnderway.current = isUnderway(made);
  }, [made, say]);
}
