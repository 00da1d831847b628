/** Models, their versions and their endpoints. */

import { answered, client, HEADERS, reached } from "./client.ts";
import { apiError } from "./problems.ts";
import type { Deployment, Model, ModelList, Receipt, Version, Weights } from "./types.ts";

const at = (model_id: string) => ({ params: { path: { model_id } } });
const of = (model_id: string, number: number) => ({ params: { path: { model_id, number } } });

export const listModels = (cursor?: string): Promise<ModelList> =>
  answered(client.GET("/v1/models", { params: { query: cursor ? { cursor } : {} } }));

export const readModel = (id: string): Promise<Model> => answered(client.GET("/v1/models/{model_id}", at(id)));

export const wakeModel = (id: string): Promise<Deployment> => answered(client.POST("/v1/models/{model_id}/deployment", at(id)));

export const sleepModel = (id: string): Promise<Deployment> => answered(client.DELETE("/v1/models/{model_id}/deployment", at(id)));

/** The job stays, with its pictures and its history. */
export const deleteModel = (id: string): Promise<Receipt> => answered(client.DELETE("/v1/models/{model_id}", at(id)));

/** The newest first. */
export async function listVersions(id: string): Promise<Version[]> {
  const { versions } = await answered(client.GET("/v1/models/{model_id}/versions", at(id)));
  return [...versions].sort((one, other) => other.number - one.number);
}

export const listWeights = (id: string, number: number): Promise<Weights> =>
  answered(client.GET("/v1/models/{model_id}/versions/{number}/weights", of(id, number)));

/** Markdown. */
export const readCard = (id: string, number: number): Promise<string> =>
  answered(client.GET("/v1/models/{model_id}/versions/{number}/card", { ...of(id, number), parseAs: "text" }));

/** The service is asked first, so that a refusal is an error on this page and not a page of its own; then the browser fetches it itself. */
export async function download(url: string): Promise<void> {
  const answer = await reached(fetch(url, { headers: HEADERS, redirect: "manual", cache: "no-store" }));
  const isElsewhere = answer.type === "opaqueredirect";
  if (!isElsewhere && !answer.ok) throw apiError(answer.status, await answer.json().catch(() => undefined));
  await answer.body?.cancel();
  // what another server answers must not take the place of this page
  const link = document.createElement("a");
  Object.assign(link, isElsewhere ? { target: "_blank", rel: "noopener" } : { download: "" }, { href: url });
  link.click();
}
