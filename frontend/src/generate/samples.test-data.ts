import type { Generation } from "../api/types.ts";

/** Four prints as the service tells of them, `drawn` of them there. */
export function generation(some: Partial<Generation> = {}, drawn = 4): Generation {
  const seed = some.seed ?? 7;
  const id = some.id ?? "1c4y8dn2w6r9k3q7x5tz0mhvbs";
  const picture = (number: number) => ({
    number,
    seed: seed + number,
    url: number < drawn ? `/v1/jobs/j/pictures/generations/${id}/${number}?attempt=1` : null,
    blocked: false,
    favourite: false,
  });
  return {
    id,
    model: "06fm3t8w2c9k5n1x7q4zr0hdvj",
    version: 1,
    state: drawn < 4 ? "drawing" : "done",
    prompt: "a photo of a sks cat",
    negativePrompt: "",
    seed,
    steps: 30,
    guidance: 7.5,
    count: 4,
    base: false,
    remixOf: null,
    pictures: [0, 1, 2, 3].map(picture),
    failure: null,
    created: "2026-03-02T09:30:00Z",
    ...some,
  };
}
