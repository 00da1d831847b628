/** Photos of a phone that few browsers can open. The decoder is three megabytes of plain JavaScript (no eval, no WebAssembly) and LGPL: a file of its own, fetched with
 * the first such photo. It runs in a worker that it starts itself from a blob. */

import { trusted } from "./trusted.ts";

export async function decodeHeic(blob: Blob): Promise<ImageBitmap> {
  letItStart();
  const { heicTo } = await import("heic-to/csp");
  return heicTo({ blob, type: "bitmap" });
}

/** The decoder names its worker's address as plain text, which the content security policy refuses. */
function letItStart(): void {
  if (self.Worker.name === "Trusted") return;
  const Plain = self.Worker;
  self.Worker = class Trusted extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(trusted(String(url)), options);
    }
  };
}
