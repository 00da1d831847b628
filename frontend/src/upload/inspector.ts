import workerFile from "./inspector.worker.ts?worker&url";
import type { Kind } from "./kinds.ts";

export type Seen = {
  readonly crc32c: string;
  readonly kind: Kind;
  /** 0 where the browser cannot decode the file. */
  readonly width: number;
  readonly height: number;
  readonly preview?: Blob;
};

type Answer = { readonly id: number; readonly seen?: Seen; readonly error?: string };

/** The one policy that the content security policy allows: it lets this page start its own worker, and nothing else. */
type Policy = { createScriptURL(url: string): string };
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

function trusted(url: string): string {
  if (typeof trustedTypes === "undefined") return url;
  return trustedTypes.createPolicy("portal", { createScriptURL: (same) => same }).createScriptURL(url);
}

let worker: Worker | undefined;
const waiting = new Map<number, { resolve(seen: Seen): void; reject(error: Error): void }>();
let last = 0;

function started(): Worker {
  const own = new Worker(trusted(workerFile), { type: "module" });
  own.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.seen) asker?.resolve(data.seen);
    else asker?.reject(new Error(data.error));
  });
  return own;
}

/** What a worker sees in a file. */
export function inspect(file: File): Promise<Seen> {
  worker ??= started();
  const id = ++last;
  worker.postMessage({ id, file });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}
