/** What was typed for a model outlives a reload and a broken order; it goes with the window. */

import type { Order } from "./orders.ts";

type Store = Pick<Storage, "getItem" | "setItem">;

const place = (model: string) => `order ${model}`;

export function keep(model: string, order: Order, store: Store = sessionStorage): void {
  try {
    store.setItem(place(model), JSON.stringify(order));
  } catch {
    // a full or forbidden store costs only the reload's comfort
  }
}

/** What was kept, each part only where it is still of its kind; the rest as at first. */
export function kept(model: string, first: Order, store: Store = sessionStorage): Order {
  const there = read(model, store);
  const parts = Object.entries(first).map(([name, value]) => {
    const other = there[name];
    return [name, typeof other === typeof value ? other : value];
  });
  const remixOf = typeof there.remixOf === "string" ? there.remixOf : null;
  return { ...(Object.fromEntries(parts) as Order), remixOf };
}

function read(model: string, store: Store): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(store.getItem(place(model)) ?? "{}");
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
