import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { download } from "../api/models.ts";
import type { Model, Version } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";
import { Fold } from "./fold.tsx";
import { type Block, blocks, type Span } from "./markdown.ts";
import { useCard } from "./queries.ts";

/** What goes with the weights, to read here or to take along. */
export function Card({ model, version }: { model: Model; version: Version }) {
  const { card: say } = useWords().library;
  const [wanted, setWanted] = useState(false);
  const { data: text, error, refetch } = useCard(model.id, version.number, wanted);
  const get = useMutation({ mutationFn: () => download(version.card) });
  return (
    <section aria-labelledby="card">
      <h2 id="card">{say.heading}</h2>
      <p className="quiet">{say.lead}</p>
      <Button isPending={get.isPending} onPress={() => get.mutate()}>
        {say.get}
      </Button>
      {get.error ? <ErrorNotice error={get.error} again={() => get.mutate()} /> : null}
      <Fold title={say.show} onOpen={() => setWanted(true)}>
        {text === undefined && !error ? <p role="status">{say.fetching}</p> : null}
        {error ? <ErrorNotice error={error} again={refetch} /> : null}
        {text === undefined ? null : <Text markdown={text} />}
      </Fold>
    </section>
  );
}

/** The card's own title is left out, as the page has it already. */
function Text({ markdown }: { markdown: string }) {
  const shown = blocks(markdown).filter((block) => block.kind !== "heading" || block.level > 1);
  return (
    <div className="card-text" lang="en">
      {shown.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
        <Part key={index} block={block} />
      ))}
    </div>
  );
}

function Part({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return (
        <h4>
          <Line spans={block.spans} />
        </h4>
      );
    case "paragraph":
      return (
        <p>
          <Line spans={block.spans} />
        </p>
      );
    case "list":
      return (
        <ul>
          <Cells cells={block.items} as="li" />
        </ul>
      );
    case "table":
      return <Table head={block.head} rows={block.rows} />;
  }
}

function Table({ head, rows }: { head: Span[][]; rows: Span[][][] }) {
  return (
    <div className="card-table">
      <table>
        <thead>
          <tr>
            <Cells cells={head} as="th" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]?.map(({ text }) => text).join("")}>
              <Cells cells={row} as="td" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ cells, as: As }: { cells: Span[][]; as: "li" | "th" | "td" }) {
  return cells.map((spans, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
    <As key={index}>
      <Line spans={spans} />
    </As>
  ));
}

function Line({ spans }: { spans: Span[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
  return spans.map(({ text, code }, index) => (code ? <code key={index}>{text}</code> : <span key={index}>{text}</span>));
}
