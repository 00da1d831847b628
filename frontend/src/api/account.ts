/** Who asks, what holds for everybody, who is told of jobs that end, and what is to be forgotten. */

import { answered, client } from "./client.ts";
import { ApiError } from "./problems.ts";
import type { Receipt, Webhook } from "./types.ts";

export const readMe = () => answered(client.GET("/v1/me"));

export const readConfig = () => answered(client.GET("/v1/config"));

/** Null where no address is called. */
export async function readWebhook(): Promise<Webhook | null> {
  try {
    return await answered(client.GET("/v1/me/webhook"));
  } catch (error) {
    if (error instanceof ApiError && error.code === "NOT_FOUND") return null;
    throw error;
  }
}

/** Makes a new secret, which is told in this answer and never again. */
export const putWebhook = (url: string): Promise<Webhook> => answered(client.PUT("/v1/me/webhook", { body: { url } }));

export const deleteWebhook = (): Promise<unknown> => answered(client.DELETE("/v1/me/webhook"));

export const deleteJob = (job_id: string): Promise<Receipt> =>
  answered(client.DELETE("/v1/jobs/{job_id}", { params: { path: { job_id } } }));

export async function deleteMyData(): Promise<Receipt[]> {
  return (await answered(client.DELETE("/v1/me/data"))).receipts;
}

export const readReceipt = (receipt_id: string): Promise<Receipt> =>
  answered(client.GET("/v1/receipts/{receipt_id}", { params: { path: { receipt_id } } }));
