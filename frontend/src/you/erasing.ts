/** After a deletion: nothing of it is shown from memory any more, and its receipt is remembered in this browser. */

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Receipt } from "../api/types.ts";

const KEPT = "receipts";
const MOST = 50;

export type Remembered = Pick<Receipt, "id" | "asked">;

/** The newest first. */
export function remembered(stored = localStorage.getItem(KEPT)): Remembered[] {
  try {
    const found: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(found) ? found.filter(isRemembered) : [];
  } catch {
    return [];
  }
}

export function remember(receipts: readonly Remembered[]): void {
  const fresh = receipts.map(({ id, asked }) => ({ id, asked }));
  const known = new Set(fresh.map(({ id }) => id));
  const all = [...fresh, ...remembered().filter(({ id }) => !known.has(id))];
  localStorage.setItem(KEPT, JSON.stringify(all.slice(0, MOST)));
}

function isRemembered(one: unknown): one is Remembered {
  return (
    typeof one === "object" && one !== null && "id" in one && typeof one.id === "string" && "asked" in one && typeof one.asked === "string"
  );
}

const OF_EVERYTHING = ["me", "jobs", "models", "generations", "webhook"];
const OF_ONE = ["job", "model", "versions", "weights", "card", "estimate"];

/** `jobId` names whose pages are gone; without it, everybody's. */
export function forget(queries: QueryClient, jobId?: string): void {
  for (const key of OF_ONE) queries.removeQueries({ queryKey: jobId ? [key, jobId] : [key], type: "inactive" });
  for (const key of OF_EVERYTHING) queries.invalidateQueries({ queryKey: [key] });
}

/** Does it, and goes on to the receipt. */
export function useErasing(jobId: string, ask: (id: string) => Promise<Receipt>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    const receipt = await ask(jobId);
    remember([receipt]);
    queries.setQueryData(["receipt", receipt.id], receipt);
    await navigate({ to: "/receipts/$id", params: { id: receipt.id } });
    forget(queries, jobId);
  };
}
