// The built pages, read into memory at the start: about a megabyte, with the compressed copies that the build left beside them.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};
const ENCODINGS = /** @type {const} */ ([
  ["br", ".br"],
  ["gzip", ".gz"],
]);

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
    ENCODINGS.flatMap(([encoding, suffix]) => {
      const copy = contents.get(name + suffix);
      return copy ? [[encoding, copy]] : [];
    }),
  );
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  const cache = name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  return { body, type, etag, cache, encoded };
}

/**
 * The page for a path; for a path of the app, the app. Undefined for a file that is not there.
 * @param {Map<string, Page>} pages
 * @param {string} pathname
 */
export function pageFor(pages, pathname) {
  return pages.get(pathname) ?? (path.extname(pathname) === "" ? pages.get("/index.html") : undefined);
}

/**
 * @param {Page} page
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export function sendPage(page, request, response) {
  const encoding = ENCODINGS.map(([name]) => name).find((name) => page.encoded.has(name) && accepts(request, name));
  const body = (encoding && page.encoded.get(encoding)) || page.body;
  response.setHeader("Cache-Control", page.cache);
  response.setHeader("ETag", page.etag);
  response.setHeader("Vary", "Accept-Encoding");
  if (request.headers["if-none-match"] === page.etag) {
    response.writeHead(304).end();
    return;
  }
  if (encoding) response.setHeader("Content-Encoding", encoding);
  response.writeHead(200, { "Content-Type": page.type, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {string} encoding
 */
function accepts(request, encoding) {
  const offered = String(request.headers["accept-encoding"] ?? "").split(",");
  return offered.some((each) => {
    const [name, quality] = each.split(";").map((part) => part.trim());
    return name === encoding && quality !== "q=0";
  });
}
