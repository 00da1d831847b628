import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import type { Config, Model } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Trouble } from "../ui/notice.tsx";
import { useWords } from "../words/words.ts";
import { Asleep } from "./asleep.tsx";
import { Numbers } from "./order-numbers.tsx";
import { Words } from "./order-words.tsx";
import type { Ordering } from "./ordering.ts";
import { isComplete, next } from "./orders.ts";
import { useComparing, type usePrinting } from "./queries.ts";

type OrderProps = { model: Model; config: Config; ordering: Ordering; printing: ReturnType<typeof usePrinting> };

/** What to print, and how. While the model sleeps its button wakes it; what is typed stays. */
export function OrderForm({ model, config, ordering, printing }: OrderProps) {
  const { order: say } = useWords().generate;
  const { order, change, letBeforeGo } = ordering;
  const isAwake = model.deployment.state === "awake";
  const make = () => {
    if (!isAwake || !isComplete(order) || printing.isPending) return;
    printing.mutate({ order, base: false }, { onSuccess: () => change(next(order)) });
    letBeforeGo();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    make();
  };
  return (
    <form
      className="panel order"
      aria-label={say.label}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <Asleep model={model} />
      <Words model={model} hints={config.prompts.hints} ordering={ordering} />
      <Numbers most={config.limits.maxPrints} order={order} change={change} />
      {isAwake ? <Make ordering={ordering} model={model} printing={printing} /> : null}
    </form>
  );
}

function Make({ ordering: { order, change }, model, printing }: Omit<OrderProps, "config">) {
  const { order: say } = useWords().generate;
  const navigate = useNavigate();
  const comparing = useComparing(model.id);
  const isReady = isComplete(order);
  const compare = () =>
    comparing.mutate(order, {
      onSuccess: (address) => {
        change(next(order));
        void navigate({ to: "/prints", search: { compare: address } as never });
      },
    });
  return (
    <div className="order-make">
      <div className="order-first">
        <Button kind="first" wide type="submit" isPending={printing.isPending} doing={say.making} isDisabled={!isReady}>
          {say.make(order.count)}
        </Button>
      </div>
      <InSight isShown={Boolean(printing.error)}>
        <Trouble of={printing} />
      </InSight>
      <p className="help order-shortcut">{say.shortcut}</p>
      <Button wide isPending={comparing.isPending} doing={say.comparing} isDisabled={!isReady} onPress={compare}>
        {say.compare}
      </Button>
      <InSight isShown={Boolean(comparing.error)}>
        <Trouble of={comparing} />
      </InSight>
      <p className="help">{say.compareHelp}</p>
    </div>
  );
}

/** The form may be taller than the window: what went wrong is brought where it can be read. */
function InSight({ isShown, children }: { isShown: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isShown) box.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  return isShown ? <div ref={box}>{children}</div> : null;
}
