/** Prepares one file at a time, away from the page: opened, set upright, freed of all that is not picture, shrunk, looked at. */

import { crc32c, wire } from "./crc32c.ts";
import { type Kind, kindOf, PICTURES, TYPES } from "./kinds.ts";
import { LOOKED_AT, type Look, lookOf } from "./look.ts";
import { isLocated } from "./metadata.ts";
import {
  type Answer,
  AS_IT_IS_BYTES,
  type Box,
  boxOf,
  fitted,
  goesAsItIs,
  LONGEST,
  MOST_BYTES,
  type Order,
  type Prepared,
} from "./prepared.ts";

const PREVIEW = 400;
const QUALITY = 0.92;
const END_BYTES = 256 * 1024;

async function prepare({ blob, crop, least }: Order): Promise<Answer> {
  if (blob.size > MOST_BYTES) return { refused: { code: "large", size: blob.size, most: MOST_BYTES } };
  const whole = blob.size <= AS_IT_IS_BYTES;
  const bytes = new Uint8Array(await (whole ? blob : new Blob([blob.slice(0, END_BYTES), blob.slice(-END_BYTES)])).arrayBuffer());
  const kind = kindOf(bytes);
  if (!PICTURES.has(kind)) return { refused: { code: "kind", kind } };
  const opened = await open(blob, kind);
  if (!opened) return { refused: { code: "unreadable" } };
  try {
    const box = boxOf(crop, opened.width, opened.height);
    if (Math.min(box.width, box.height) < least) return { refused: { code: "small", width: box.width, height: box.height, least } };
    const asItIs = whole && !crop && goesAsItIs(bytes, kind, box.width, box.height);
    const prepared = await drawn(opened, box, asItIs ? new Blob([bytes], { type: TYPES[kind] ?? "" }) : undefined);
    return { prepared: { ...prepared, located: isLocated(bytes) } };
  } finally {
    opened.close();
  }
}

async function open(blob: Blob, kind: Kind): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch {
    if (kind !== "heic") return undefined;
  }
  try {
    const { decodeHeic } = await import("./heic.ts");
    return await decodeHeic(blob);
  } catch {
    return undefined;
  }
}

async function drawn(picture: ImageBitmap, box: Box, asItIs: Blob | undefined): Promise<Omit<Prepared, "located">> {
  const size = fitted(box.width, box.height, LONGEST);
  const sent = canvas(picture, box, size);
  const small = fitted(size.width, size.height, LOOKED_AT);
  const seen = canvas(sent, { x: 0, y: 0, ...size }, small);
  const preview = canvas(seen, { x: 0, y: 0, ...small }, fitted(small.width, small.height, PREVIEW));
  const file = asItIs ?? (await sent.convertToBlob({ type: "image/jpeg", quality: QUALITY }));
  return {
    ...size,
    file,
    type: file.type,
    crc32c: wire(crc32c(new Uint8Array(await file.arrayBuffer()))),
    look: look(seen),
    preview: await preview.convertToBlob({ type: "image/jpeg", quality: 0.8 }),
  };
}

/** What is see-through becomes white, as it does for a model. */
function canvas(picture: ImageBitmap | OffscreenCanvas, box: Box, size: { width: number; height: number }): OffscreenCanvas {
  const sheet = new OffscreenCanvas(size.width, size.height);
  const context = sheet.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, box.x, box.y, box.width, box.height, 0, 0, size.width, size.height);
  return sheet;
}

function look(sheet: OffscreenCanvas): Look {
  const pixels = sheet.getContext("2d")?.getImageData(0, 0, sheet.width, sheet.height);
  return pixels ? lookOf(pixels) : { print: "", sharpness: 1, colours: [] };
}

addEventListener("message", async ({ data: { id, order } }: MessageEvent<{ id: number; order: Order }>) => {
  try {
    postMessage({ id, answer: await prepare(order) });
  } catch {
    postMessage({ id, answer: { refused: { code: "unreadable" } } satisfies Answer });
  }
});
