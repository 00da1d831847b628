import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { serve } from "../server.js";
import { builtPages, listening, token } from "./parts.js";

/** @param {http.RequestListener} listener */
async function portalBefore(listener, patience = {}) {
  const api = await listening(listener);
  const metadata = await listening((_, response) => response.end(token(3600)));
  const settings = { host: "127.0.0.1", port: 0, uploadUrl: new URL(api.url), metadataHost: metadata.url.slice(7), dist: builtPages() };
  const portal = await serve(settings, patience);
  const stop = () => {
    api.stop();
    metadata.stop();
  };
  return { ...portal, url: `http://127.0.0.1:${portal.port}`, stop };
}

/**
 * What is answered to something that is hardly a request.
 * @param {number} port
 * @param {string} text
 */
async function said(port, text) {
  const connection = net.connect(port, "127.0.0.1");
  let answer = "";
  connection.on("data", (part) => {
    answer += part;
  });
  connection.write(text);
  await once(connection, "close");
  return answer;
}

it("who never ends their headers is let go", async () => {
  const portal = await portalBefore((_, response) => response.end(), { headersMs: 200 });
  const began = Date.now();

  const answer = await said(portal.port, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");

  assert.match(answer, /^HTTP\/1\.1 408/);
  assert.ok(Date.now() - began < 3000);
  await portal.close();
  portal.stop();
});

it("headers may be as large as a caller's proof and cookies, and not much larger", async () => {
  const portal = await portalBefore((_, response) => response.end("{}"));

  const large = await fetch(`${portal.url}/v1/me`, { headers: { Cookie: "c".repeat(20_000) } });
  const answer = await said(portal.port, `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${"c".repeat(40_000)}\r\n\r\n`);

  assert.equal(large.status, 200);
  assert.match(answer, /^HTTP\/1\.1 431/);
  await portal.close();
  portal.stop();
});

it("a slow reader holds up the service behind, not this one's memory", async () => {
  let written = 0;
  const block = Buffer.alloc(2 ** 20, 1);
  const portal = await portalBefore(async (_, response) => {
    for (let part = 0; part < 128 && !response.destroyed; part++) {
      if (!response.write(block)) await Promise.race([once(response, "drain"), once(response, "close")]);
      written += block.length;
    }
    response.end();
  });

  const answer = await new Promise((/** @type {(answer: http.IncomingMessage) => void} */ resolve) => {
    http.get(`${portal.url}/v1/large`, resolve);
  });
  answer.pause();
  await wait(500);

  assert.ok(written < 64 * 2 ** 20, `${written} bytes were taken from the service while nobody read`);
  answer.destroy();
  await portal.close();
  portal.stop();
});

it("a part of a picture is asked for and answered as such", async () => {
  const portal = await portalBefore((request, response) => {
    assert.equal(request.headers.range, "bytes=2-3");
    response.writeHead(206, { "Content-Range": "bytes 2-3/10", "Accept-Ranges": "bytes", "Content-Length": 2 }).end("cd");
  });

  const answer = await fetch(`${portal.url}/v1/picture`, { headers: { Range: "bytes=2-3" } });

  assert.equal(answer.status, 206);
  assert.equal(answer.headers.get("content-range"), "bytes 2-3/10");
  assert.equal(await answer.text(), "cd");
  await portal.close();
  portal.stop();
});

it("the head alone of an answer of the API has no body to wait for", async () => {
  const portal = await portalBefore((_, response) => response.writeHead(200, { "Content-Length": 1000, ETag: '"e"' }).end());

  const answer = await fetch(`${portal.url}/v1/jobs/x`, { method: "HEAD" });

  assert.equal(answer.headers.get("content-length"), "1000");
  assert.equal(answer.headers.get("etag"), '"e"');
  await portal.close();
  portal.stop();
});

it("an answer under way is let end before the server goes, and one that does not end is not waited for", async () => {
  const portal = await portalBefore(
    async (request, response) => {
      response.write("be");
      if (request.url === "/v1/never") return;
      await wait(200);
      response.end("gun");
    },
    { closeMs: 600 },
  );
  const ends = await fetch(`${portal.url}/v1/soon`);
  const never = await fetch(`${portal.url}/v1/never`);
  const began = Date.now();

  const closed = portal.close();

  assert.equal(await ends.text(), "begun");
  await assert.rejects(never.text());
  await closed;
  assert.ok(Date.now() - began < 3000);
  portal.stop();
});
