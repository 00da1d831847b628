import { check } from "./check.ts";
import { choose } from "./choose.ts";
import { describe } from "./describe.ts";
import { follow } from "./follow.ts";
import { generate } from "./generate.ts";
import { library } from "./library.ts";
import { result } from "./result.ts";
import { you } from "./you.ts";

/** What the pages say that are fetched when somebody goes there; these words come with the first of them. */
export const rest = { check, choose, describe, follow, generate, library, result, you };
