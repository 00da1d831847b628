import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { identityTokens } from "../identity.js";
import { proxyTo } from "../proxy.js";
import { serve } from "../server.js";
import { MissingSettings, settingsFrom } from "../settings.js";

/** @param {http.RequestListener} listener */
async function listening(listener) {
  const server = http.createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  return { port, url: `http://127.0.0.1:${port}`, stop };

  function stop() {
    server.closeAllConnections();
    server.close();
  }
}

/** @param {number} seconds until it expires */
function token(seconds, name = "t") {
  const claims = { exp: Math.floor(Date.now() / 1000) + seconds, name };
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
}

function builtPages() {
  const dist = mkdtempSync(path.join(tmpdir(), "portal-"));
  mkdirSync(path.join(dist, "assets"));
  writeFileSync(path.join(dist, "index.html"), "<!doctype html><title>app</title>");
  writeFileSync(path.join(dist, "assets", "app-abc.js"), "console.log(1)");
  writeFileSync(path.join(dist, "assets", "app-abc.js.gz"), gzipSync("console.log(1)"));
  return dist;
}

/** @typedef {Awaited<ReturnType<typeof listening>>} Listening */

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

  it("serves the app on each of its paths, and only there", async () => {
    for (const at of ["/", "/new", "/jobs/abc"]) {
      const answer = await fetch(url + at);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /<title>app/);
      assert.equal(answer.headers.get("cache-control"), "no-cache");
    }
    assert.equal((await fetch(`${url}/favicon.png`)).status, 404);
    assert.equal((await fetch(`${url}/..%2f..%2fpackage.json`)).status, 404);
    assert.equal((await fetch(`${url}/`, { method: "POST" })).status, 405);
    assert.deepEqual(await (await fetch(`${url}/healthz`)).json(), { status: "ok" });
  });

  it("sends hashed files once and for ever, compressed if asked", async () => {
    const answer = await fetch(`${url}/assets/app-abc.js`, { headers: { "Accept-Encoding": "gzip" } });
    const plain = await fetch(`${url}/assets/app-abc.js`, { headers: { "Accept-Encoding": "gzip;q=0" } });

    assert.equal(answer.headers.get("content-encoding"), "gzip");
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(await answer.text(), "console.log(1)");
    assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
    const again = await fetch(`${url}/`, { headers: { "If-None-Match": (await fetch(url)).headers.get("etag") ?? "" } });
    assert.equal(again.status, 304);
  });

  it("lets nothing of another origin into its pages", async () => {
    const answer = await fetch(url);
    const policy = answer.headers.get("content-security-policy") ?? "";

    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
      assert.ok(policy.includes(part), part);
    }
    assert.ok(!policy.includes("upgrade-insecure-requests"));
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    const secure = await fetch(url, { headers: { "X-Forwarded-Proto": "https" } });
    assert.ok(secure.headers.get("strict-transport-security"));
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

describe("a stream of events", () => {
  /** @type {http.ServerResponse[]} */
  let streams = [];
  /** @type {Listening} */
  let api;
  /** @type {Listening} */
  let metadata;
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let portal;

  before(async () => {
    api = await listening((request, response) => {
      if (request.url !== "/v1/jobs/x/events") {
        response.end("[]");
        return;
      }
      response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no" });
      response.flushHeaders();
      streams.push(response);
    });
    metadata = await listening((_, response) => response.end(token(3600)));
  });
  beforeEach(async () => {
    streams = [];
    const uploadUrl = new URL(api.url);
    portal = await serve({ host: "127.0.0.1", port: 0, uploadUrl, metadataHost: metadata.url.slice(7), dist: builtPages() });
  });
  after(() => {
    api.stop();
    metadata.stop();
  });

  /** @param {number} port */
  async function watch(port) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/jobs/x/events`, { headers: { "Last-Event-ID": "1-050.1" } });
    const [upstream] = streams;
    assert.ok(answer.body && upstream);
    return { answer, upstream, reader: answer.body.pipeThrough(new TextDecoderStream()).getReader() };
  }

  it("comes through as it goes, its head before its first event", async () => {
    const { answer, upstream, reader } = await watch(portal.port);

    assert.equal(answer.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(answer.headers.get("x-accel-buffering"), "no");
    for (const event of ["retry: 1000\n\n", "event: status\ndata: {}\n\n", ": still here\n\n"]) {
      upstream.write(event);
      assert.equal((await reader.read()).value, event);
    }
    upstream.end();
    assert.equal((await reader.read()).done, true);
    await portal.close();
  });

  it("is let go when its page is closed", async () => {
    const { upstream, reader } = await watch(portal.port);

    const closed = once(upstream, "close");
    await reader.cancel();

    await closed;
    await portal.close();
  });

  it("is cut in the page when it is cut behind", async () => {
    const { upstream, reader } = await watch(portal.port);

    upstream.destroy();

    await assert.rejects(reader.read());
    await portal.close();
  });

  it("ends properly, and at once, when the server must go", async () => {
    const { upstream, reader } = await watch(portal.port);
    upstream.write(": still here\n\n");
    await reader.read();
    const [closed, began] = [once(upstream, "close"), Date.now()];

    await portal.close();

    assert.ok(Date.now() - began < 1000);
    assert.equal((await reader.read()).done, true);
    await closed;
  });

  it("may be silent for longer than an unused connection is kept", async () => {
    await portal.close();
    const proxy = proxyTo(
      new URL(api.url),
      async () => "t",
      () => assert.fail(),
      100,
    );
    const front = await listening((request, response) => proxy.forward(request, response));
    const port = Number(new URL(front.url).port);
    await (await fetch(`${front.url}/v1/jobs`)).text();

    const { upstream, reader } = await watch(port);
    await new Promise((resolve) => setTimeout(resolve, 400));
    upstream.end(": still here\n\n");

    assert.equal((await reader.read()).value, ": still here\n\n");
    assert.equal((await reader.read()).done, true);
    front.stop();
    proxy.close();
  });

  it("is not alone: as many as watch get through", async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => fetch(`http://127.0.0.1:${portal.port}/v1/jobs/x/events`)));

    assert.equal(streams.length, 300);
    assert.ok((await fetch(`http://127.0.0.1:${portal.port}/v1/jobs`)).ok);
    await portal.close();
    await Promise.all(answers.map((answer) => answer.text()));
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
