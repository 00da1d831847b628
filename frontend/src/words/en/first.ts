import { job } from "./job.ts";
import { problems } from "./problems.ts";
import { sheets } from "./sheets.ts";
import { shell } from "./shell.ts";

/** What the first page says, and what stands around every page. */
export const first = { job, problems, sheets, shell };
