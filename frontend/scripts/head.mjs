// What a page's head names besides its own script and style: the script that runs before the first paint, and the two faces.

import { readFileSync } from "node:fs";

const FIRST = "/src/shell/first.js";

/** @returns {import("vite").Plugin} */
export function head() {
  return {
    name: "head",
    buildStart() {
      if (this.meta.watchMode) return;
      const source = readFileSync(new URL(`..${FIRST}`, import.meta.url), "utf8");
      this.emitFile({ type: "asset", name: "first.js", source });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => [script(bundle), ...faces(bundle)],
    },
  };
}

/** @param {import("vite").Rollup.OutputBundle} bundle */
function script(bundle) {
  const built = Object.values(bundle).find((file) => file.type === "asset" && file.names.includes("first.js"));
  return { tag: "script", attrs: { src: built ? `/${built.fileName}` : FIRST }, injectTo: /** @type {const} */ ("head") };
}

/** They are asked for before the style sheet is read.
 * @param {import("vite").Rollup.OutputBundle} bundle */
function faces(bundle) {
  return Object.keys(bundle)
    .filter((name) => name.endsWith(".woff2"))
    .map((name) => ({
      tag: "link",
      attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${name}`, crossorigin: true },
      injectTo: /** @type {const} */ ("head"),
    }));
}
