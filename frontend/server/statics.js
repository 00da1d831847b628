// The built pages, read into memory at the start: about a megabyte, with the compressed copies that the build left beside them.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { bestEncoding, isKnown } from "./negotiation.js";

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};
const SUFFIXES = { br: ".br", gzip: ".gz" };

/** The pages of the app (src/router.tsx); what they name, only the app can know. */
const APP =
  /^\/(?:new|prints|you|models(?:\/[^/]+(?:\/generate)?)?|jobs\/[^/]+(?:\/(?:choose|describe|check|follow|result))?|receipts\/[^/]+)?\/?$/;

/** @typedef {{ body: Buffer, type: string, etag: string, cache: string, encoded: Map<string, Buffer> }} Page */

/**
 * @param {string} dist
 * @returns {Map<string, Page>} by URL path
 */
export function readPages(dist) {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = new Map(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [`/${path.relative(dist, file).split(path.sep).join("/")}`, readFileSync(file)];
    }),
  );
  /** @type {Map<string, Page>} */
  const pages = new Map();
  for (const [name, body] of contents) {
    const type = TYPES[path.extname(name)];
    if (type) pages.set(name, page(name, body, type, contents));
  }
  return pages;
}

/**
 * @param {string} name
 * @param {Buffer} body
 * @param {string} type
 * @param {Map<string, Buffer>} contents
 * @returns {Page}
 */
function page(name, body, type, contents) {
  const encoded = new Map(
    Object.entries(SUFFIXES).flatMap(([encoding, suffix]) => {
      const copy = contents.get(name + suffix);
      return copy ? [[encoding, copy]] : [];
    }),
  );
  // weak, as one tag stands for the page and its compressed copies
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  return { body, type, etag, cache: cacheFor(name), encoded };
}

/**
 * What names its own contents is kept for ever; the page that names all others is never kept, so that no browser goes back to one whose files
 * are gone.
 * @param {string} name
 */
function cacheFor(name) {
  if (name.startsWith("/assets/")) return "public, max-age=31536000, immutable";
  return name.endsWith(".html") ? "no-store" : "no-cache";
}

/**
 * The page for a path, and with which status: the app answers its own paths, and says in words that there is nothing at others. Undefined for a
 * file that is not there.
 * @param {Map<string, Page>} pages
 * @param {string} pathname
 */
export function pageFor(pages, pathname) {
  const app = pages.get("/index.html");
  const page = APP.test(pathname) ? app : pages.get(pathname);
  if (page) return { page, status: 200 };
  return app && path.extname(pathname) === "" ? { page: app, status: 404 } : undefined;
}

/**
 * @param {{ page: Page, status: number }} found
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export function sendPage({ page, status }, request, response) {
  const encoding = bestEncoding(request.headers["accept-encoding"], page.encoded.keys());
  const body = (encoding && page.encoded.get(encoding)) || page.body;
  response.setHeader("Cache-Control", page.cache);
  response.setHeader("ETag", page.etag);
  response.setHeader("Vary", "Accept-Encoding");
  if (status === 200 && isKnown(request.headers["if-none-match"], page.etag)) {
    response.writeHead(304).end();
    return;
  }
  if (encoding) response.setHeader("Content-Encoding", encoding);
  response.writeHead(status, { "Content-Type": page.type, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}
