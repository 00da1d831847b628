// Every variable that the portal's server reads, read once. UPLOAD_URL is written by PortalSettings (jobs/settings.py).

import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Settings
 * @property {string} host
 * @property {number} port
 * @property {URL} uploadUrl where the upload service is; also the audience of the token that opens it
 * @property {string} metadataHost who gives out identity tokens
 * @property {string} dist the built pages
 */

export class MissingSettings extends Error {}

/**
 * Throws MissingSettings, which names every fault at once.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Settings}
 */
export function settingsFrom(env) {
  /** @type {string[]} */
  const faults = [];
  const uploadUrl = URL.parse(env.UPLOAD_URL ?? "");
  if (!uploadUrl) faults.push(`UPLOAD_URL is ${JSON.stringify(env.UPLOAD_URL)}, not a URL`);
  const port = Number(env.PORT ?? "8080");
  if (!Number.isInteger(port) || port < 0 || port > 65535) faults.push(`PORT is ${env.PORT}, not a port`);
  if (!uploadUrl || faults.length > 0) throw new MissingSettings(faults.join("; "));
  return {
    host: env.HOST ?? "127.0.0.1",
    port,
    uploadUrl,
    metadataHost: env.GCE_METADATA_HOST ?? "metadata.google.internal",
    dist: env.DIST ?? fileURLToPath(new URL("../dist", import.meta.url)),
  };
}
