import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, it } from "node:test";
import { proxyTo } from "../proxy.js";
import { serve } from "../server.js";
import { builtPages, listening, token } from "./parts.js";

/** @typedef {import("./parts.js").Listening} Listening */

describe("a stream of events", () => {
  /** @type {import("node:http").ServerResponse[]} */
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
