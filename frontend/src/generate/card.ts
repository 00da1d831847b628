/** The card of a print: everything it takes to make it again.
 *
 * It is written into the PNG and not beside it, as two files part at the first mail. Under `parameters` it stands in the form that InvokeAI,
 * Civitai, Forge and A1111's web UI read back when the picture is dropped on them; under `Description` for people. It is in English whatever
 * language the portal speaks: programs read it. */

import type { Print } from "./prints.ts";

type About = { readonly id: string; readonly name: string };

export function card({ made, picture }: Print, model: About): Readonly<Record<string, string>> {
  const drawnBy = made.base ? `${model.name}, untuned` : `${model.name}, version ${made.version}`;
  const lines = [
    made.prompt,
    made.negativePrompt && `Without: ${made.negativePrompt}`,
    `Seed ${picture.seed}, ${made.steps} steps, guidance ${made.guidance}`,
    `Model: ${drawnBy} (${model.id})`,
    `Drawn ${made.created}`,
  ];
  return {
    parameters: parameters({ made, picture, key: "" }, drawnBy),
    Description: lines.filter(Boolean).join("\n"),
    "Creation Time": made.created,
    Software: "sd for designers",
  };
}

function parameters({ made, picture }: Print, drawnBy: string): string {
  const settings = [
    `Steps: ${made.steps}`,
    `CFG scale: ${made.guidance}`,
    `Seed: ${picture.seed}`,
    // what has a comma or a colon in it is quoted there
    `Model: ${JSON.stringify(drawnBy)}`,
  ];
  return [made.prompt, made.negativePrompt && `Negative prompt: ${made.negativePrompt}`, settings.join(", ")].filter(Boolean).join("\n");
}

/** "sks-1234.png"; the untuned one beside it in a folder must not take its name. */
export function fileName({ made, picture }: Print, subject: string): string {
  return `${subject}${made.base ? "-untuned" : ""}-${picture.seed}-${made.id.slice(-4)}.png`;
}
