/** Uploads that are to be removed at the service: for sure, though perhaps later. */

import { ApiError } from "../api/problems.ts";
import { removeUpload } from "../api/uploads.ts";

export class Leaver {
  readonly #leaving: Set<string>;
  readonly #changed: (uploadId?: string) => void;

  /** `changed` hears when the list has, and which upload is gone. */
  constructor(leaving: readonly string[], changed: (uploadId?: string) => void) {
    this.#leaving = new Set(leaving);
    this.#changed = changed;
  }

  list(): string[] {
    return [...this.#leaving];
  }

  add(uploadIds: readonly string[]): void {
    for (const id of uploadIds) this.#leaving.add(id);
    if (uploadIds.length > 0) this.#changed();
  }

  /** Throws what kept the first of them from being removed; it stays on the list. */
  async flush(jobId: string | undefined): Promise<void> {
    if (!jobId) return;
    for (const id of this.#leaving) {
      await removeUpload(jobId, id).catch(ifStillThere);
      this.#leaving.delete(id);
      this.#changed(id);
    }
  }
}

function ifStillThere(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== "NOT_FOUND") throw error;
}
