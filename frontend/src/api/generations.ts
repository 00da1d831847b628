/** Pictures that models draw. */

import { answered, client, HEADERS, keyed, reached } from "./client.ts";
import { apiError } from "./problems.ts";
import type { Generation, GenerationList, ModelList, NewGeneration } from "./types.ts";

const at = (generation_id: string) => ({ params: { path: { generation_id } } });

/** Answers at once, with pictures that are still to be drawn. */
export const generate = (model_id: string, body: NewGeneration, key: string): Promise<Generation> =>
  answered(client.POST("/v1/models/{model_id}/generations", { params: { path: { model_id }, ...keyed(key) }, body }));

export const readGeneration = (id: string): Promise<Generation> => answered(client.GET("/v1/generations/{generation_id}", at(id)));

export type Wall = { readonly model?: string | undefined; readonly favourite?: boolean | undefined };

/** A page of what was drawn, newest first: with one model, or with all; where only favourites are asked for, what has any. */
export function listGenerations(wall: Wall, limit: number, cursor: string | null): Promise<GenerationList> {
  const query = {
    limit,
    ...(wall.model ? { model: wall.model } : {}),
    ...(wall.favourite ? { favourite: true } : {}),
    ...(cursor ? { cursor } : {}),
  };
  return answered(client.GET("/v1/generations", { params: { query } }));
}

export const deleteGeneration = (id: string): Promise<unknown> => answered(client.DELETE("/v1/generations/{generation_id}", at(id)));

export function markPicture(generation_id: string, number: number, favourite: boolean): Promise<Generation> {
  const place = "/v1/generations/{generation_id}/pictures/{number}/favourite";
  const params = { params: { path: { generation_id, number } } };
  return answered(favourite ? client.PUT(place, params) : client.DELETE(place, params));
}

/** The picture itself, as it was drawn. */
export async function readPicture(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await reached(fetch(url, { headers: HEADERS }));
  if (!response.ok) throw apiError(response.status, await response.json().catch(() => undefined));
  return new Uint8Array(await response.arrayBuffer());
}

/** As many as a page holds: enough to choose from and to name what lies on the wall. */
export const listNames = (): Promise<ModelList> => answered(client.GET("/v1/models", { params: { query: { limit: 50 } } }));
