import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { identityTokens } from "../identity.js";
import { serve } from "../server.js";
import { MissingSettings, settingsFrom } from "../settings.js";
import { builtPages, listening, token } from "./parts.js";

/** @typedef {import("./parts.js").Listening} Listening */

describe("the portal's server", () => {
  /** @type {{ method?: string, url?: string, headers: http.IncomingHttpHeaders, body: Buffer }[]} */
  let seen = [];
  let asked = 0;
  const answeredOn = new WeakSet();
  /** @type {Listening} */
  let api;
  /** @type {Listening} */
  let metadata;
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let portal;
  let url = "";

  before(async () => {
    api = await listening(async (request, response) => {
      if (request.url === "/v1/once" && answeredOn.has(request.socket)) {
        request.socket.destroy();
        return;
      }
      answeredOn.add(request.socket);
      if (request.url === "/v1/early") {
        response.writeHead(413, { "Content-Type": "application/problem+json", Connection: "close" }).end("{}");
        return;
      }
      const parts = [];
      for await (const part of request) parts.push(part);
      seen.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(201, { ETag: '"e"', Location: "/v1/jobs/x" }).end("made");
    });
    metadata = await listening((request, response) => {
      asked += 1;
      const audience = new URL(request.url ?? "", "http://m").searchParams.get("audience");
      response.writeHead(request.headers["metadata-flavor"] === "Google" ? 200 : 403).end(token(3600, audience ?? ""));
    });
    portal = await serve({
      host: "127.0.0.1",
      port: 0,
      uploadUrl: new URL(api.url),
      metadataHost: metadata.url.slice(7),
      dist: builtPages(),
    });
    url = `http://127.0.0.1:${portal.port}`;
  });
  after(async () => {
    await portal.close();
    api.stop();
    metadata.stop();
  });
  beforeEach(() => {
    seen = [];
  });

  it("passes the API on with its own identity and the caller's signed one", async () => {
    const headers = {
      "X-Goog-IAP-JWT-Assertion": "signed",
      "X-Serverless-Authorization": "Bearer forged",
      Authorization: "Bearer caller",
      Cookie: "session=1",
    };
    const answer = await fetch(`${url}/v1/jobs?limit=2`, { method: "POST", body: "abc", headers });

    assert.equal(answer.status, 201);
    assert.equal(await answer.text(), "made");
    assert.equal(answer.headers.get("etag"), '"e"');
    const [request] = seen;
    assert.ok(request);
    assert.equal(`${request.method} ${request.url} ${request.body}`, "POST /v1/jobs?limit=2 abc");
    assert.equal(request.headers["x-goog-iap-jwt-assertion"], "signed");
    assert.equal(request.headers.authorization, undefined);
    assert.equal(request.headers.cookie, undefined);
    const claims = JSON.parse(
      Buffer.from(String(request.headers["x-serverless-authorization"]).split(".")[1] ?? "", "base64url").toString(),
    );
    assert.equal(claims.name, api.url);
    assert.equal(request.headers.host, api.url.slice(7));
  });

  it("asks for its token once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/v1/me`)));

    assert.equal(asked, 1);
  });

  it("passes large bodies through, with their length or without", async () => {
    const body = Buffer.alloc(20 * 2 ** 20, 7);
    await fetch(`${url}/v1/x`, { method: "PUT", body });
    await fetch(`${url}/upload`, { method: "POST", body: new Blob([body]).stream(), duplex: "half" });

    assert.deepEqual(
      seen.map((each) => each.body.length),
      [body.length, body.length],
    );
    assert.equal(seen[0]?.headers["content-length"], String(body.length));
    assert.equal(seen[1]?.headers["transfer-encoding"], "chunked");
  });

  it("hands on an answer that comes before the body was sent", async () => {
    const answer = await new Promise((/** @type {(answer: http.IncomingMessage) => void} */ resolve, reject) => {
      const request = http.request(`${url}/v1/early`, { method: "PUT", headers: { "Content-Length": 2 ** 30 } }, resolve);
      request.on("error", reject);
      request.write(Buffer.alloc(2 ** 16));
    });

    assert.equal(answer.statusCode, 413);
    answer.destroy();
  });

  it("asks again where a kept connection was closed before the request arrived", async () => {
    for (let time = 0; time < 4; time++) assert.equal((await fetch(`${url}/v1/once`)).status, 201);
  });

  it("lives through requests that are no requests", async () => {
    for (const line of ["GET // HTTP/1.1", "GET http://[ HTTP/1.1", "NONSENSE"]) {
      const connection = net.connect(portal.port, "127.0.0.1");
      connection.end(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
      connection.resume();
      await once(connection, "close");
    }
    assert.equal((await fetch(url)).status, 200);
  });

  it("says so when the API cannot be reached", async () => {
    const gone = await listening(() => undefined);
    gone.stop();
    const lonely = await serve({
      host: "127.0.0.1",
      port: 0,
      uploadUrl: new URL(gone.url),
      metadataHost: metadata.url.slice(7),
      dist: builtPages(),
    });
    const mute = await serve({
      host: "127.0.0.1",
      port: 0,
      uploadUrl: new URL(api.url),
      metadataHost: gone.url.slice(7),
      dist: builtPages(),
    });

    for (const { port } of [lonely, mute]) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/me`);
      assert.equal(answer.status, 502);
      assert.match(await answer.text(), /"code":"UNAVAILABLE"/);
    }
    await Promise.all([lonely.close(), mute.close()]);
  });
});

it("a token is fetched anew shortly before it expires", async () => {
  let count = 0;
  const metadata = await listening((_, response) => {
    count += 1;
    response.end(token(3600));
  });
  let at = Date.now();
  const get = identityTokens(metadata.url.slice(7), "a", () => at);

  await get();
  at += 54 * 60_000;
  await get();
  assert.equal(count, 1);
  at += 2 * 60_000;
  await get();
  assert.equal(count, 2);
  metadata.stop();
});

it("settings name every fault", () => {
  assert.throws(
    () => settingsFrom({ PORT: "x" }),
    (error) => error instanceof MissingSettings && /UPLOAD_URL.*PORT/.test(error.message),
  );
  assert.equal(settingsFrom({ UPLOAD_URL: "http://127.0.0.1:9" }).port, 8080);
});

it("the process ends at SIGTERM", async () => {
  const env = { PATH: process.env.PATH, UPLOAD_URL: "http://127.0.0.1:9", PORT: "0", DIST: builtPages() };
  const child = spawn(process.execPath, [new URL("../main.js", import.meta.url).pathname], { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");

  child.kill("SIGTERM");
  const [code] = await once(child, "exit");

  assert.equal(code, 0);
});
