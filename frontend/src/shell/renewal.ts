/** Whether the portal was renewed while this page is open, and why a part of it did not come. */

import { HEADERS } from "../api/client.ts";
import { ApiError, apiError, offline } from "../api/problems.ts";

/** `renewed`: a newer portal is there. `held`: somebody wanted to go elsewhere and could not; why, and where to. */
type News = { readonly renewed: boolean; readonly held: ApiError | undefined; readonly wanted: string | undefined };

const NOTHING: News = { renewed: false, held: undefined, wanted: undefined };
let news = NOTHING;
const watchers = new Set<() => void>();

function tell(change: Partial<News>): void {
  news = { ...news, ...change };
  for (const changed of watchers) changed();
}

export const renewal = (): News => news;
export const putOff = (): void => tell(NOTHING);
export const hold = (held: ApiError, wanted?: string): void => tell({ held, wanted });

export function watchRenewal(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** The page as it is served now names the script that this one runs by, unless it is another by now. */
async function isRenewed(): Promise<boolean> {
  const answer = await fetch("/", { headers: HEADERS, cache: "no-store" });
  if (!answer.ok) throw apiError(answer.status, undefined);
  return !(await answer.text()).includes(new URL(import.meta.url).pathname);
}

/** Why a part of the portal did not come. */
export async function whyLost(): Promise<ApiError> {
  try {
    return (await isRenewed()) ? new ApiError("NEWER", "", false) : offline();
  } catch (error) {
    return error instanceof ApiError ? error : offline();
  }
}

const EVERY_MS = 5 * 60_000;

/** Looks whenever somebody comes back to the page, now and then. */
export function watchForRenewal(now = Date.now): () => void {
  let last = now();
  const look = () => {
    if (document.visibilityState !== "visible" || now() - last < EVERY_MS) return;
    last = now();
    isRenewed().then(
      (renewed) => renewed && tell({ renewed }),
      () => undefined,
    );
  };
  document.addEventListener("visibilitychange", look);
  return () => document.removeEventListener("visibilitychange", look);
}
