/** The order in the form: kept while it is typed, taken over from a print or an address. */

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Config, Model } from "../api/types.ts";
import { keep, kept } from "./kept.ts";
import { firstOrder, fromSearch, type Order, remixed, type Search } from "./orders.ts";
import { type Print, placeOf, printsOf } from "./prints.ts";
import { useSome } from "./queries.ts";

export type Ordering = {
  readonly order: Order;
  change(some: Partial<Order>): void;
  /** What stood there before something was taken over. */
  readonly before: Order | undefined;
  bringBack(): void;
  letBeforeGo(): void;
};

export function useOrder(model: Model, config: Config): Ordering {
  const [order, setOrder] = useState(() => kept(model.id, firstOrder(model, config)));
  const [before, setBefore] = useState<Order>();
  useEffect(() => keep(model.id, order), [model.id, order]);
  useTaking((into) => {
    const taken = into(order);
    if (!taken) return;
    setBefore(order);
    setOrder(taken);
  });
  return {
    order,
    change: (some) => setOrder((now) => ({ ...now, ...some })),
    before,
    bringBack: () => {
      if (before) setOrder(before);
      setBefore(undefined);
    },
    letBeforeGo: () => setBefore(undefined),
  };
}

type Take = (into: (order: Order) => Order | undefined) => void;

/** Once, and then the address is plain again: what is typed after that must outlive a reload. */
function useTaking(take: Take): void {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { print, isComing } = useAskedFor(search.remix);
  const isDue = Object.keys(search).length > 0 && !isComing;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the address says is taken over, and once
  useEffect(() => {
    if (!isDue) return;
    take((order) => fromSearch(search, print ? remixed(print, order.count) : order) ?? (print && remixed(print, order.count)));
    void navigate({ to: ".", search: {} as never, replace: true, resetScroll: false });
  }, [isDue, print]);
}

/** The print that an address names; one that is gone is as if it was not named. */
function useAskedFor(remix: unknown): { print: Print | undefined; isComing: boolean } {
  const place = typeof remix === "string" ? (placeOf(remix) ?? placeOf(`${remix}.0`)) : undefined;
  const [found] = useSome(place ? [place.id] : []);
  const print = found?.data && printsOf(found.data).find(({ picture }) => picture.number === place?.number);
  return { print, isComing: Boolean(found && !found.data && !found.isError) };
}
