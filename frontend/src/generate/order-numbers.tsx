import { Button } from "react-aria-components/Button";
import { Switch } from "react-aria-components/Switch";
import { NumberLine } from "../ui/field.tsx";
import { Segments } from "../ui/segments.tsx";
import { useWords } from "../words/words.ts";
import { aSeed, type Order, RANGES } from "./orders.ts";

type NumbersProps = { most: number; order: Order; change(some: Partial<Order>): void };

/** The seed, and how it is drawn. */
export function Numbers({ most, order, change }: NumbersProps) {
  const { order: say } = useWords().generate;
  const counts = Array.from({ length: most }, (_, index) => ({ id: String(index + 1), label: String(index + 1) }));
  const line = (name: "steps" | "guidance") => ({
    value: order[name],
    min: RANGES[name][0],
    max: RANGES[name][1],
    onChange: (value: number) => Number.isFinite(value) && change({ [name]: value }),
  });
  return (
    <div className="order-numbers">
      <Seed order={order} change={change} />
      <div className="order-pair">
        <NumberLine label={say.steps} {...line("steps")} />
        <NumberLine label={say.guidance} step={0.5} {...line("guidance")} />
      </div>
      <p className="help">{say.numbersHelp}</p>
      <div className="order-count">
        <span aria-hidden="true">{say.count}</span>
        <Segments
          label={say.count}
          labelUnseen
          value={String(order.count)}
          options={counts}
          onChange={(count) => change({ count: Number(count) })}
        />
      </div>
    </div>
  );
}

/** New for each order, unless it is held. */
function Seed({ order, change }: Pick<NumbersProps, "order" | "change">) {
  const { order: say } = useWords().generate;
  const [min, max] = RANGES.seed;
  const other = (
    <Button slot={null} className="another" aria-label={say.newSeed} onPress={() => change({ seed: aSeed() })}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M13.2 6.2A5.6 5.6 0 1 0 13.5 9.2M13.5 2.8v3.6H9.9" />
      </svg>
    </Button>
  );
  return (
    <div className="order-seed">
      <NumberLine
        label={say.seed}
        value={order.seed}
        min={min}
        max={max}
        onChange={(seed) => Number.isFinite(seed) && change({ seed, keepSeed: true })}
        extra={other}
      />
      <Switch className="switch" isSelected={order.keepSeed} onChange={(keepSeed) => change({ keepSeed })}>
        <span className="switch-track" aria-hidden="true" />
        {say.keepSeed}
      </Switch>
    </div>
  );
}
