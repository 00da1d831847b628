import type { Words } from "../words.ts";
import { check } from "./check.ts";
import { choose } from "./choose.ts";
import { describe } from "./describe.ts";
import { follow } from "./follow.ts";
import { generate } from "./generate.ts";
import { job } from "./job.ts";
import { library } from "./library.ts";
import { problems } from "./problems.ts";
import { result } from "./result.ts";
import { sheets } from "./sheets.ts";
import { shell } from "./shell.ts";
import { you } from "./you.ts";

export const de: Words = { check, choose, describe, follow, generate, job, library, problems, result, sheets, shell, you };
