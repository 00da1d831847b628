import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { serve } from "../server.js";
import { builtPages } from "./parts.js";

describe("the pages", () => {
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let portal;
  let url = "";

  before(async () => {
    portal = await serve({
      host: "127.0.0.1",
      port: 0,
      uploadUrl: new URL("http://127.0.0.1:9"),
      metadataHost: "127.0.0.1:9",
      dist: builtPages(),
    });
    url = `http://127.0.0.1:${portal.port}`;
  });
  after(() => portal.close());

  /** fetch() would decode what it gets, and reads it whole.
   * @param {string} at
   * @param {http.RequestOptions} options
   * @returns {Promise<{ status: number | undefined, headers: http.IncomingHttpHeaders, body: Buffer }>} */
  function ask(at, options = {}) {
    return new Promise((resolve, reject) => {
      const request = http.request(url + at, options, async (response) => {
        const parts = [];
        for await (const part of response) parts.push(part);
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
      });
      request.on("error", reject);
      request.end();
    });
  }

  it("are the app on each path that the app has", async () => {
    const routes = [...readFileSync(new URL("../../src/router.tsx", import.meta.url), "utf8").matchAll(/path: "([^"]+)"/g)].map(
      ([, path = ""]) => path,
    );
    const paths = routes.map((path) => (path.startsWith("/") ? path : `/jobs/$id/${path}`).replace("$id", "06fm3t8w2c9k5n"));

    assert.ok(paths.includes("/jobs/06fm3t8w2c9k5n/follow") && paths.includes("/models/06fm3t8w2c9k5n"), String(paths));
    for (const at of [...paths, "/prints/", "/models/x/generate?seed=7"]) {
      const answer = await fetch(url + at);
      assert.equal(answer.status, 200, at);
      assert.match(await answer.text(), /<title>app/);
    }
  });

  it("say of any other path in words that there is nothing, and of a file without", async () => {
    const nowhere = await fetch(`${url}/nowhere/at-all`);
    assert.equal(nowhere.status, 404);
    assert.match(await nowhere.text(), /<title>app/);
    for (const at of ["/favicon.png", "/assets/gone-abc.js", "/..%2f..%2fpackage.json", "/models/..%2f.."]) {
      const answer = await fetch(url + at);
      if (at === "/models/..%2f..") continue;
      assert.equal(answer.status, 404, at);
      assert.equal(answer.headers.get("content-type"), "application/json");
      assert.equal(answer.headers.get("cache-control"), "no-store");
    }
    const refused = await fetch(`${url}/`, { method: "POST" });
    assert.equal(refused.status, 405);
    assert.equal(refused.headers.get("allow"), "GET, HEAD");
    assert.deepEqual(await (await fetch(`${url}/healthz`)).json(), { status: "ok" });
  });

  it("are kept for ever where their name says what is in them, and never where they name the others", async () => {
    assert.equal((await ask("/assets/app-abc.js")).headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal((await ask("/")).headers["cache-control"], "no-store");
    assert.equal((await ask("/jobs/x/follow")).headers["cache-control"], "no-store");
    assert.equal((await ask("/mark.svg")).headers["cache-control"], "no-cache");
  });

  it("come compressed as the browser likes best", async () => {
    const wishes = { "gzip, deflate, br": "br", gzip: "gzip", "br;q=0.5, gzip": "gzip", "*": "br", "gzip;q=0": undefined, "": undefined };
    for (const [wish, encoding] of Object.entries(wishes)) {
      const { headers, body } = await ask("/assets/app-abc.js", { headers: { "Accept-Encoding": wish } });
      assert.equal(headers["content-encoding"], encoding, wish);
      assert.equal(headers.vary, "Accept-Encoding");
      assert.equal(headers["content-length"], String(body.length));
      if (encoding === "br") assert.equal(brotliDecompressSync(body).toString(), "console.log(1)");
    }
  });

  it("are not sent again to who has them", async () => {
    const { etag = "" } = (await ask("/mark.svg")).headers;
    for (const known of [etag, `"other", ${etag}`, etag.replace("W/", ""), "*"]) {
      const { status, body } = await ask("/mark.svg", { headers: { "If-None-Match": known } });
      assert.equal(status, 304, known);
      assert.equal(body.length, 0);
    }
    assert.equal((await ask("/mark.svg", { headers: { "If-None-Match": '"other"' } })).status, 200);
  });

  it("tell their length to who asks for the head alone", async () => {
    const whole = await ask("/assets/app-abc.js");
    const head = await ask("/assets/app-abc.js", { method: "HEAD" });

    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    assert.equal(head.headers["content-length"], whole.headers["content-length"]);
    assert.equal((await ask("/nowhere.png", { method: "HEAD" })).status, 404);
  });

  it("let nothing of another origin in, and no script but their own", async () => {
    const { headers } = await ask("/");
    const policy = String(headers["content-security-policy"]);

    for (const part of [
      "default-src 'none'",
      "script-src 'self';",
      "style-src 'self';",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      assert.ok(policy.includes(part), part);
    }
    assert.doesNotMatch(policy, /unsafe|http:|https:|upgrade-insecure-requests/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(String(headers["permissions-policy"]), /camera=\(self\), microphone=\(\)/);
    const secure = await ask("/", { headers: { "X-Forwarded-Proto": "https" } });
    assert.ok(secure.headers["strict-transport-security"]);
    assert.match(String(secure.headers["content-security-policy"]), /upgrade-insecure-requests/);
  });
});
