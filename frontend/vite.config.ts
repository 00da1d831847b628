import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressed } from "./scripts/compress.mjs";
import { head } from "./scripts/head.mjs";
import { licences } from "./scripts/licences.mjs";

/** What every first visit needs, in two files: that of others, which stays in browsers over many of our versions, and ours. */
const FILES = {
  codeSplitting: {
    groups: [
      { name: "frame", tags: ["$initial"], test: /node_modules/, priority: 2 },
      { name: "first", tags: ["$initial"], test: /\/src\//, priority: 1 },
    ],
  },
};

export default defineConfig({
  plugins: [{ ...optimizeLocales.vite({ locales: ["en-US", "de-DE"] }), enforce: "pre" }, react(), head(), licences(), compressed()],
  // React has it by itself since its version 18
  resolve: { alias: [{ find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: "react" }] },
  build: { target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0, rolldownOptions: { output: FILES } },
  worker: { format: "es" },
  server: { host: "127.0.0.1", proxy: { "/v1": "http://127.0.0.1:8080", "/upload": "http://127.0.0.1:8080" } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
