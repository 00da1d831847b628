// A .br and a .gz beside each built file that gets smaller by it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const TEXT = new Set([".html", ".txt", ".js", ".css", ".svg", ".json", ".wasm", ".webmanifest"]);

/** @returns {import("vite").Plugin} */
export function compressed() {
  return {
    name: "compressed",
    apply: "build",
    writeBundle: ({ dir = "dist" }) => compress(dir),
  };
}

/** @param {string} dist */
function compress(dist) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !TEXT.has(path.extname(entry.name))) continue;
    const body = readFileSync(file);
    for (const [suffix, small] of [
      [".gz", gzipSync(body, { level: 9 })],
      [".br", brotliCompressSync(body)],
    ]) {
      if (small.length < body.length) writeFileSync(file + suffix, small);
    }
  }
}
