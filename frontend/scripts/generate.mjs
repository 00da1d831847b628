// The API's types from its description, and the life of a job from jobs/job.py. `--check` only compares.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const ast = await openapiTS(JSON.parse(readFileSync(here("../../services/upload/openapi.json"), "utf8")), { defaultNonNullable: false });
const generated = {
  "../src/generated/schema.d.ts": `// Written by scripts/generate.mjs from services/upload/openapi.json.\n${astToString(ast)}`,
  "../src/generated/states.ts": execFileSync(process.env.PYTHON ?? "python3", [here("job_states.py")], { encoding: "utf8" }),
};

const stale = Object.keys(generated).filter((file) => read(file) !== generated[file]);
if (process.argv.includes("--check")) {
  if (stale.length > 0) throw new Error(`not as generated: ${stale.join(", ")}; run \`npm run generate\``);
} else {
  for (const file of stale) writeFileSync(here(file), generated[file]);
  console.log(stale.length > 0 ? `written: ${stale.join(", ")}` : "nothing has changed");
}

function read(file) {
  try {
    return readFileSync(here(file), "utf8");
  } catch {
    return undefined;
  }
}
