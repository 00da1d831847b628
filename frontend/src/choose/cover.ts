/** The designer's circle, around the picture that stands for all of a job's in lists. */

import { changeJob } from "../api/jobs.ts";
import { jobChanged } from "./news.ts";
import type { SheetStore } from "./sheet.ts";

export class Cover {
  readonly #store: SheetStore;
  #told: string;

  /** `told` is the upload that the service knows of. */
  constructor(store: SheetStore, told = "") {
    this.#store = store;
    this.#told = told;
  }

  /** Once more takes it away. */
  circle(key: string): void {
    this.#store.set({ cover: this.#store.sheet().cover === key ? undefined : key });
    this.tellSoon();
  }

  /** What cannot be told now is told before the sheet is developed. */
  tellSoon(): void {
    this.tell().catch(() => {});
  }

  /** A picture that is not there yet is told once it is. Throws why it could not be told; it may be called again. */
  async tell(): Promise<void> {
    const { jobId, cover } = this.#store.sheet();
    const uploadId = cover ? this.#store.frame(cover)?.uploadId : "";
    if (!jobId || uploadId === undefined || uploadId === this.#told) return;
    jobChanged(await changeJob(jobId, { cover: uploadId }));
    this.#told = uploadId;
  }
}
