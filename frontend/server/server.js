// The portal's server: the pages, and the way to the API.

import http from "node:http";
import { securityHeaders } from "./headers.js";
import { identityTokens } from "./identity.js";
import { proxyTo } from "./proxy.js";
import { pageFor, readPages, sendPage } from "./statics.js";

/** @param {Record<string, unknown>} fact */
function log(fact) {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...fact }));
}

/**
 * Listening once the promise is kept; `close` lets running answers end, and ends streams itself.
 * @param {import("./settings.js").Settings} settings
 */
export async function serve(settings) {
  const pages = readPages(settings.dist);
  const proxy = proxyTo(settings.uploadUrl, identityTokens(settings.metadataHost, settings.uploadUrl.origin), log);
  const server = http.createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders(request))) response.setHeader(name, value);
    const pathname = URL.parse(request.url ?? "/", "http://portal")?.pathname;
    if (!pathname) answer(response, 400, { detail: "that is not a path" });
    else if (/^\/(v1|problems)\/|^\/(upload|openapi\.json)$/.test(pathname)) proxy.forward(request, response);
    else if (pathname === "/healthz") answer(response, 200, { status: "ok" });
    else if (request.method === "GET" || request.method === "HEAD") sendOrRefuse(pages, pathname, request, response);
    else answer(response, 405, { detail: `${request.method} is not for pages` });
  });
  server.requestTimeout = 300_000;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () => resolve(undefined));
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () =>
    new Promise((resolve) => {
      server.close(() => {
        proxy.close();
        resolve(undefined);
      });
      proxy.endStreams();
      server.closeIdleConnections();
    });
  return { port: address.port, close };
}

/**
 * @param {Map<string, import("./statics.js").Page>} pages
 * @param {string} pathname
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
function sendOrRefuse(pages, pathname, request, response) {
  const page = pageFor(pages, pathname);
  if (page) sendPage(page, request, response);
  else answer(response, 404, { detail: `there is no ${pathname}` });
}

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function answer(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}
