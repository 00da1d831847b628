// npm leaves out of the lock what a registry at hand does not have: builds for other platforms. `npm ci` then refuses the lock.
// This names them again, with their platform, so that each machine skips or fetches them by its own registry.

import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const CPUS = new Set(["x64", "arm64", "ia32", "arm", "ppc64", "s390x", "riscv64", "loong64"]);
const SYSTEMS = new Set(["android", "darwin", "linux", "win32", "freebsd", "openharmony"]);

for (const { optionalDependencies = {}, dev = false } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    lock.packages[`node_modules/${name}`] ??= missing(name, version, dev);
  }
}
const sorted = Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);

function missing(name, version, dev) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => SYSTEMS.has(word));
  const cpu = words.filter((word) => CPUS.has(word));
  if (os.length === 0 || cpu.length === 0) throw new Error(`${name} is missing from the lock, and its name says no platform`);
  const libc = os[0] === "linux" ? { libc: [words.includes("musl") ? "musl" : "glibc"] } : {};
  return { version, cpu, dev, ...libc, optional: true, os };
}
