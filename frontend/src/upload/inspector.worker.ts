/** Looks at one file at a time, away from the page: what it is, its checksum, its size in pixels, and a small preview. */

import { crc32c, wire } from "./crc32c.ts";
import type { Seen } from "./inspector.ts";
import { kindOf } from "./kinds.ts";

const PREVIEW_WIDTH = 480;

async function look(file: File): Promise<Seen> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const kind = kindOf(bytes);
  const seen = { crc32c: wire(crc32c(bytes)), kind, width: 0, height: 0 };
  if (!kind.type) return seen;
  try {
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = whole;
    return { ...seen, width, height, preview: await small(whole) };
  } catch {
    return seen;
  }
}

async function small(whole: ImageBitmap): Promise<Blob> {
  const scale = Math.min(1, PREVIEW_WIDTH / whole.width);
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(whole.width * scale)), Math.max(1, Math.round(whole.height * scale)));
  const context = canvas.getContext("2d");
  context?.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

addEventListener("message", async ({ data }: MessageEvent<{ id: number; file: File }>) => {
  try {
    postMessage({ id: data.id, seen: await look(data.file) });
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
});
