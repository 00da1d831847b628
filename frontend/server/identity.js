// The token that opens the upload service, from the metadata server that every workload of Google Cloud has beside it.

import http from "node:http";

const EARLY_MS = 5 * 60_000;
const TIMEOUT_MS = 5_000;

class NoToken extends Error {}

/**
 * Answers the token, fetched anew five minutes before it expires; who asks meanwhile waits for the same fetch.
 * @param {string} metadataHost
 * @param {string} audience
 * @param {() => number} now
 * @returns {() => Promise<string>}
 */
export function identityTokens(metadataHost, audience, now = Date.now) {
  /** @type {Promise<string> | undefined} */
  let token;
  let until = 0;
  return () => {
    if (token && now() < until) return token;
    until = Number.POSITIVE_INFINITY;
    token = fetchToken(metadataHost, audience).then(
      (fresh) => {
        until = expiry(fresh) - EARLY_MS;
        return fresh;
      },
      (error) => {
        until = 0;
        throw error;
      },
    );
    return token;
  };
}

/**
 * @param {string} token
 * @returns {number} milliseconds since 1970
 */
function expiry(token) {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString() || "{}");
  return Number(claims.exp ?? 0) * 1000;
}

/**
 * Not by fetch(), which would go through a proxy that a variable names.
 * @param {string} metadataHost
 * @param {string} audience
 * @returns {Promise<string>}
 */
function fetchToken(metadataHost, audience) {
  const url = `http://${metadataHost}/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(audience)}`;
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { "Metadata-Flavor": "Google" }, timeout: TIMEOUT_MS }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part) => {
        body += part;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(body.trim());
        else reject(new NoToken(`the metadata server answered ${response.statusCode}: ${body.slice(0, 200)}`));
      });
    });
    request.on("timeout", () => request.destroy(new NoToken("the metadata server does not answer")));
    request.on("error", reject);
  });
}
