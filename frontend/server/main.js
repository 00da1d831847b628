// `node server/main.js`: serves until it is told to stop.

import { serve } from "./server.js";
import { settingsFrom } from "./settings.js";

const portal = await serve(settingsFrom(process.env));

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, async () => {
    await portal.close();
    process.exit(0);
  });
}
console.log(JSON.stringify({ severity: "INFO", message: `the portal listens on ${portal.port}` }));
