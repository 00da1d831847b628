/** Getting one picture to the service over a line that may break. */

import { putPicture } from "../api/api.ts";
import { ApiError } from "../api/problems.ts";
import type { Upload } from "../api/types.ts";

const PATIENCE_MS = [500, 2000, 6000];

/** Again after a while, and after a longer one, for what may work the next time; throws what the last try threw. */
export async function sendPatiently(url: string, file: File, sent: (share: number) => void, left: AbortSignal): Promise<Upload> {
  for (const pause of PATIENCE_MS) {
    try {
      return await putPicture(url, file, sent, left);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.retryable) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (left.aborted) break;
    sent(0);
  }
  return putPicture(url, file, sent, left);
}

/** Does `work` with each, `atOnce` at a time. */
export async function inTurns<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items];
  const next = async (): Promise<void> => {
    const item = rest.shift();
    if (item === undefined) return;
    await work(item);
    await next();
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
