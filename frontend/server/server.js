// The portal's server: the pages, and the way to the API.

import { once } from "node:events";
import http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { securityHeaders } from "./headers.js";
import { identityTokens } from "./identity.js";
import { proxyTo } from "./proxy.js";
import { pageFor, readPages, sendPage } from "./statics.js";

const API = /^\/(v1|problems)\/|^\/(upload|openapi\.json)$/;
// the proxies in front keep a connection for longer than Node does by itself, and would send on one that is just being closed
const KEEP_ALIVE_MS = 620_000;
// a caller's proof and their cookies are some kilobytes; who needs a quarter of a minute for them is none of ours
const HEADER_BYTES = 32 * 1024;
const HEADERS_MS = 15_000;
// as long as a picture may take on a slow line, and as long as nothing may be read or written
const REQUEST_MS = 300_000;
// Cloud Run ends the process ten seconds after it was told to stop
const CLOSE_MS = 8_000;

/** @typedef {ReturnType<typeof proxyTo>} Front */

/** @param {Record<string, unknown>} fact */
function log(fact) {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...fact }));
}

/**
 * Listening once the promise is kept; `close` lets running answers end for a while, and ends streams itself.
 * @param {import("./settings.js").Settings} settings
 * @param {{ headersMs?: number, closeMs?: number }} patience
 */
export async function serve(settings, { headersMs = HEADERS_MS, closeMs = CLOSE_MS } = {}) {
  const pages = readPages(settings.dist);
  const proxy = proxyTo(settings.uploadUrl, identityTokens(settings.metadataHost, settings.uploadUrl.origin), log);
  const limits = { maxHeaderSize: HEADER_BYTES, headersTimeout: headersMs, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  /** @type {Set<http.ServerResponse>} */
  const underway = new Set();
  const server = http.createServer({ ...limits, connectionsCheckingInterval: Math.min(headersMs, 5_000) }, (request, response) => {
    underway.add(response);
    response.once("close", () => underway.delete(response));
    for (const [name, value] of Object.entries(securityHeaders(request))) response.setHeader(name, value);
    route(request, response, pages, proxy);
  });
  server.timeout = REQUEST_MS;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () => resolve(undefined));
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { port: address.port, close: () => close(server, underway, proxy, closeMs) };
}

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {Map<string, import("./statics.js").Page>} pages
 * @param {Front} proxy
 */
function route(request, response, pages, proxy) {
  const pathname = URL.parse(request.url ?? "/", "http://portal")?.pathname;
  if (!pathname) answer(response, 400, { detail: "that is not a path" });
  else if (API.test(pathname)) proxy.forward(request, response);
  else if (pathname === "/healthz") answer(response, 200, { status: "ok" });
  else if (request.method === "GET" || request.method === "HEAD") sendOrRefuse(pages, pathname, request, response);
  else answer(response, 405, { detail: `${request.method} is not for pages` }, { Allow: "GET, HEAD" });
}

/**
 * What is under way may end; connections that wait for a request, or were opened and never made one, may not stay.
 * @param {http.Server} server
 * @param {Set<http.ServerResponse>} underway
 * @param {Front} proxy
 * @param {number} patienceMs
 */
async function close(server, underway, proxy, patienceMs) {
  const closed = once(server, "close");
  server.close();
  proxy.endStreams();
  const ended = Promise.all([...underway].map((response) => once(response, "close")));
  await Promise.race([ended, wait(patienceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
  proxy.close();
}

/**
 * @param {Map<string, import("./statics.js").Page>} pages
 * @param {string} pathname
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
function sendOrRefuse(pages, pathname, request, response) {
  const found = pageFor(pages, pathname);
  if (found) sendPage(found, request, response);
  else answer(response, 404, { detail: `there is no ${pathname}` });
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {object} body
 * @param {http.OutgoingHttpHeaders} headers
 */
function answer(response, status, body, headers = {}) {
  response.writeHead(status, { ...headers, "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}
