// The API behind the portal: bodies go through as they come, and each request carries this workload's own identity besides its caller's.

import http from "node:http";
import https from "node:https";
import { pipeline } from "node:stream";

const TIMEOUT_MS = 300_000;
const IDLE_MS = 10_000;
const STREAM = /^text\/event-stream\b/;
const BODYLESS = new Set(["GET", "HEAD"]);
// of one connection only, or meant for this server: the caller's cookies and bearer token are none of the upload service's business
const NOT_PASSED = new Set([
  "authorization",
  "connection",
  "cookie",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-serverless-authorization",
]);

/**
 * @param {URL} target
 * @param {() => Promise<string>} identityToken
 * @param {(fact: Record<string, unknown>) => void} log
 * @param {number} idleMs how long a connection is kept that nobody uses
 */
export function proxyTo(target, identityToken, log, idleMs = IDLE_MS) {
  const client = target.protocol === "https:" ? https : http;
  // every stream that a page watches holds a connection
  const agent = new client.Agent({ keepAlive: true, maxSockets: 2048, timeout: idleMs });
  /** @type {Set<() => void>} */
  const streams = new Set();

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  async function forward(request, response) {
    try {
      const token = await identityToken();
      send(request, response, { ...passed(request.headers), "x-serverless-authorization": `Bearer ${token}` });
    } catch (error) {
      refuse(response, log, error);
    }
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   * @param {http.OutgoingHttpHeaders} headers
   */
  function send(request, response, headers) {
    const upstream = client.request(target, { agent, method: request.method, path: request.url, headers, timeout: TIMEOUT_MS });
    const bodyless = BODYLESS.has(request.method ?? "");
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, passed(answer.headers));
      if (STREAM.test(answer.headers["content-type"] ?? "")) follow(answer, response);
      else pipeline(answer, response, () => undefined);
    });
    upstream.on("timeout", () => upstream.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    upstream.on("error", (error) => {
      // the other side may close a kept connection in the moment that it is used again: that request never arrived
      response.off("close", drop);
      if (bodyless && upstream.reusedSocket && !response.headersSent && !response.destroyed) send(request, response, headers);
      else refuse(response, log, error);
    });
    const drop = () => upstream.destroy();
    response.on("close", drop);
    if (bodyless) upstream.end();
    else request.pipe(upstream);
  }

  /**
   * A stream of events lasts for minutes and may be silent for seconds: its head goes out at once, and a server that closes ends it.
   * @param {http.IncomingMessage} answer
   * @param {http.ServerResponse} response
   */
  function follow(answer, response) {
    const { socket } = response;
    const end = () => {
      answer.unpipe(response);
      response.end(() => socket?.destroySoon());
    };
    streams.add(end);
    response.flushHeaders();
    pipeline(answer, response, () => streams.delete(end));
  }

  function endStreams() {
    for (const end of streams) end();
  }

  return { forward, endStreams, close: () => agent.destroy() };
}

/**
 * @param {http.IncomingHttpHeaders} headers
 * @returns {http.OutgoingHttpHeaders}
 */
function passed(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED.has(name)));
}

/**
 * @param {http.ServerResponse} response
 * @param {(fact: Record<string, unknown>) => void} log
 * @param {unknown} error
 */
function refuse(response, log, error) {
  if (response.headersSent || response.destroyed) return;
  log({ severity: "ERROR", message: "the upload service cannot be reached", error: String(error) });
  const problem = {
    type: "/problems/unavailable",
    title: "A part that this needs does not answer",
    status: 502,
    detail: "Nothing is lost. Try again in a moment.",
    code: "UNAVAILABLE",
    retryable: true,
  };
  response.writeHead(502, { "Content-Type": "application/problem+json", Connection: "close" });
  response.end(JSON.stringify(problem));
}
