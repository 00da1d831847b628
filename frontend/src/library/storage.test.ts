import { expect, it } from "vitest";
import { folders, stored, total } from "./storage.ts";

const file = (name: string, size: number) => ({ name, size, crc32c: "yZRlqg==", url: `/v1/weights/${name}` });
const FILES = [
  file("model_index.json", 500),
  file("vae/config.json", 700),
  file("unet/diffusion_pytorch_model.safetensors", 3_400_000_000),
  file("vae/diffusion_pytorch_model.safetensors", 330_000_000),
];

it("all files together take what each of them takes", () => {
  expect(total(FILES)).toBe(3_730_001_200);
  expect(total([])).toBe(0);
});

it("adapters count with the files beside which they lie", () => {
  const adapter = { ...file("adapters/kohya_lora_weights.safetensors", 13_000_000), format: "kohya" as const };

  expect(stored({ files: FILES, adapters: [adapter], minutes: 10 })).toBe(3_743_001_200);
});

it("files are grouped by their folder, the largest first", () => {
  const found = folders(FILES);

  expect(found.map(({ name, size }) => [name, size])).toEqual([
    ["unet", 3_400_000_000],
    ["vae", 330_000_700],
    ["", 500],
  ]);
});
