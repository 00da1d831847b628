import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button, Label, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import * as api from "../api/api.ts";
import type { Config, Generation, JobDetail } from "../api/types.ts";
import { Field, NumberLine } from "../ui/field.tsx";
import { ErrorNotice } from "../ui/notice.tsx";

export type Order = { prompt: string; negativePrompt: string; seed: number; steps: number; guidance: number; count: number };

type OrderProps = {
  job: JobDetail;
  config: Config;
  /** What was taken over from an earlier print. */
  order: Order | undefined;
  onOrder(order: undefined): void;
  onComing(order: Order | undefined): void;
};

const SEEDS = 2 ** 31 - 4;
const aSeed = () => Math.floor(Math.random() * 10_000);

/** What to print, and how. */
export function OrderForm({ job, config, order, onOrder, onComing }: OrderProps) {
  const { steps, guidance, hints } = config.prompts;
  const [wanted, setWanted] = useState<Order>(() => ({ prompt: job.prompt, negativePrompt: "", seed: aSeed(), steps, guidance, count: 4 }));
  const [keepSeed, setKeepSeed] = useState(false);
  const change = (some: Partial<Order>) => setWanted((before) => ({ ...before, ...some }));
  const print = usePrinting(job.id, onComing, () => keepSeed || change({ seed: aSeed() }));

  useEffect(() => {
    if (!order) return;
    setWanted((before) => ({ ...order, count: before.count }));
    setKeepSeed(true);
    onOrder(undefined);
  }, [order, onOrder]);

  const make = () => wanted.prompt.trim() && print.mutate(wanted);
  return (
    <form
      className="panel order"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) make();
      }}
    >
      <Words job={job} hints={hints} wanted={wanted} change={change} />
      <Numbers wanted={wanted} change={change} keepSeed={keepSeed} setKeepSeed={setKeepSeed} />
      <Count most={config.limits.maxPrints} value={wanted.count} onChange={(count) => change({ count })} />
      {print.error ? <ErrorNotice error={print.error} /> : null}
      <Button className="button button-first button-wide" type="submit" isPending={print.isPending} isDisabled={!wanted.prompt.trim()}>
        {print.isPending ? "In the tray" : `Make ${wanted.count} ${wanted.count === 1 ? "print" : "prints"}`}
      </Button>
    </form>
  );
}

type Part = { wanted: Order; change(some: Partial<Order>): void };

function Words({ job, hints, wanted, change }: Part & { job: JobDetail; hints: string[] }) {
  const worded = hints.slice(1).map((hint) => hint.replace("{subject}", job.subject).replace("{classWord}", job.classWord));
  return (
    <>
      <Field label="Prompt" rows={3} value={wanted.prompt} onChange={(prompt) => change({ prompt })} />
      <div className="hints-list">
        {worded.map((words) => (
          <Button key={words} className="hint" aria-label={`Use the prompt: ${words}`} onPress={() => change({ prompt: words })}>
            {words.replace(job.prompt, "…")}
          </Button>
        ))}
      </div>
      <Field
        label="Without"
        placeholder="blurry, text"
        value={wanted.negativePrompt}
        onChange={(negativePrompt) => change({ negativePrompt })}
      />
    </>
  );
}

type NumbersProps = Part & { keepSeed: boolean; setKeepSeed(keep: boolean): void };

function Numbers({ wanted, change, keepSeed, setKeepSeed }: NumbersProps) {
  const hold = (
    <ToggleButton className="hold" isSelected={keepSeed} onChange={setKeepSeed}>
      {keepSeed ? "held" : "hold"}
    </ToggleButton>
  );
  return (
    <>
      <NumberLine label="Seed" value={wanted.seed} min={0} max={SEEDS} onChange={(seed) => change({ seed })} extra={hold} />
      <NumberLine label="Steps" value={wanted.steps} min={1} max={100} onChange={(steps) => change({ steps })} />
      <NumberLine label="Guidance" value={wanted.guidance} min={1} max={30} step={0.5} onChange={(guidance) => change({ guidance })} />
    </>
  );
}

function Count({ most, value, onChange }: { most: number; value: number; onChange(count: number): void }) {
  return (
    <div className="line-field">
      <Label id="count">Prints</Label>
      <ToggleButtonGroup
        className="segments"
        aria-labelledby="count"
        disallowEmptySelection
        selectedKeys={[String(value)]}
        onSelectionChange={(keys) => onChange(Number([...keys][0] ?? value))}
      >
        {Array.from({ length: most }, (_, index) => String(index + 1)).map((count) => (
          <ToggleButton key={count} id={count}>
            {count}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

function usePrinting(id: string, onComing: (order: Order | undefined) => void, done: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: Order) => {
      onComing(order);
      return api.generate(id, { ...order, remixOf: null }, crypto.randomUUID());
    },
    onSuccess: (made) => {
      queries.setQueryData<Generation[]>(["generations", id], (before = []) => [made, ...before]);
      done();
    },
    onSettled: () => onComing(undefined),
  });
}
