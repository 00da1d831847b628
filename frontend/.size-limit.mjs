// What a first visit fetches, and what each page adds, gzipped. `npm run size` after a build; DIST names another folder than dist.

import { readdirSync, readFileSync } from "node:fs";

const DIST = process.env.DIST ?? "dist";
const page = readFileSync(`${DIST}/index.html`, "utf8");
const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file);
// the decoder of pictures that the browser cannot read is fetched only for such a picture
const later = readdirSync(`${DIST}/assets`)
  .filter((name) => /\.(js|css)$/.test(name) && !/heic/i.test(name))
  .map((name) => `assets/${name}`)
  .filter((file) => !first.includes(file));

export default [
  { name: "first load", path: [`${DIST}/index.html`, ...first.map((file) => `${DIST}/${file}`)], limit: "130 kB", gzip: true },
  ...later.map((file) => ({ name: file, path: `${DIST}/${file}`, limit: "60 kB", gzip: true })),
];
