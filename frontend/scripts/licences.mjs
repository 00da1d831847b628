// licences.txt: the packages that a built portal holds, each with its licence.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const LICENCE = /^(licen[cs]e|copying|notice)/i;
const PREFACE = `The portal is made with these packages, as the npm registry has them. Those under the LGPL are built
unchanged into files of their own, which may be replaced.
`;

/** @returns {import("vite").Plugin} */
export function licences() {
  return {
    name: "licences",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "licences.txt", source: [PREFACE, ...shipped().map(entry)].join("\n") });
    },
  };
}

/** @typedef {{ folder: string, version: string, license: string }} Package */

/** @returns {Package[]} */
function shipped() {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder && !dev)
    .map(([folder, { version, license }]) => ({ folder, version, license }));
}

/** @param {Package} of */
function entry({ folder, version, license }) {
  const texts = readdirSync(folder).filter((name) => LICENCE.test(name));
  const said = texts.map((name) => readFileSync(path.join(folder, name), "utf8").trim());
  return [`== ${folder.replace("node_modules/", "")} ${version} (${license})`, ...said, ""].join("\n\n");
}
