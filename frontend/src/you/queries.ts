/** What is read of whoever is signed in. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { deleteMyData, deleteWebhook, putWebhook, readReceipt, readWebhook } from "../api/account.ts";
import type { Receipt, Webhook } from "../api/types.ts";
import { forget, remember } from "./erasing.ts";

const DUE_MS = 3_000;

export const useWebhook = () => useQuery({ queryKey: ["webhook"], queryFn: readWebhook });

/** The answer has the secret, which is nowhere kept but in the component that shows it. */
export function usePuttingWebhook() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: putWebhook,
    onSuccess: ({ url, created }) => queries.setQueryData<Webhook>(["webhook"], { url, created }),
  });
}

export function useDeletingWebhook() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: deleteWebhook, onSuccess: () => queries.setQueryData(["webhook"], null) });
}

/** While something of it is still to go it is asked again and again. */
export const useReceipt = (id: string) =>
  useQuery({
    queryKey: ["receipt", id],
    queryFn: () => readReceipt(id),
    refetchInterval: ({ state }) => (state.data?.state === "due" ? DUE_MS : false),
  });

export function useDeletingEverything() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: deleteMyData,
    onSuccess: (receipts: Receipt[]) => {
      remember(receipts);
      forget(queries);
    },
  });
}
