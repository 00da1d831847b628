/** How the service is reached. Every call answers or throws ApiError. */

import createClient from "openapi-fetch";
import type { paths } from "../generated/schema.d.ts";
import { apiError, offline } from "./problems.ts";
import { begun } from "./waiting.ts";

export const HEADERS = { "X-Requested-With": "XMLHttpRequest" };
export const client = createClient<paths>({ headers: HEADERS, cache: "no-store", fetch: timed });

function timed(request: Request): Promise<Response> {
  const over = begun();
  return fetch(request).finally(over);
}

export type Answered<Data> = { data?: Data; error?: unknown; response: Response };

export function reached<Answer>(call: Promise<Answer>): Promise<Answer> {
  return call.catch(() => {
    throw offline();
  });
}

export async function answered<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await reached(call);
  if (!response.ok) throw apiError(response.status, error);
  return data as Data;
}

export const keyed = (key: string) => ({ header: { "Idempotency-Key": key } });

/** A smaller copy, at twice the pixels of the place it is for. */
export function sized(picture: string, width: number): string {
  const query = picture.includes("?") ? "&" : "?";
  return `${picture}${query}width=${Math.min(2048, width * 2)}`;
}
