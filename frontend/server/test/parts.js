// What the tests of the server stand on: another server, a token, built pages.

import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** @param {http.RequestListener} listener */
export async function listening(listener) {
  const server = http.createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { port, url: `http://127.0.0.1:${port}`, stop };

  function stop() {
    server.closeAllConnections();
    server.close();
  }
}

/** @param {number} seconds until it expires */
export function token(seconds, name = "t") {
  const claims = { exp: Math.floor(Date.now() / 1000) + seconds, name };
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
}

export function builtPages() {
  const dist = mkdtempSync(path.join(tmpdir(), "portal-"));
  mkdirSync(path.join(dist, "assets"));
  writeFileSync(path.join(dist, "index.html"), "<!doctype html><title>app</title>");
  writeFileSync(path.join(dist, "assets", "app-abc.js"), "console.log(1)");
  writeFileSync(path.join(dist, "mark.svg"), "<svg/>");
  writeFileSync(path.join(dist, "assets", "app-abc.js.br"), brotliCompressSync("console.log(1)"));
  writeFileSync(path.join(dist, "assets", "app-abc.js.gz"), gzipSync("console.log(1)"));
  return dist;
}

/** @typedef {Awaited<ReturnType<typeof listening>>} Listening */
