import { expect, it } from "vitest";
import type { Receipt } from "../api/types.ts";
import { de } from "../words/de/index.ts";
import { en } from "../words/en/index.ts";
import { asText } from "./receipt-text.ts";

const RECEIPT: Receipt = {
  id: "2d7z5fp9e3s6m1w4k8qx0thvcr",
  jobId: "06fm3t8w2c9k5n1x7q4zr0hdvj",
  scope: "model",
  state: "done",
  asked: "2026-11-22T14:07:00",
  done: "2026-11-22T14:09:00",
  removed: ["gs://models/generations/06fm/g1-0.png", "projects/1/locations/europe-west4/models/77"],
  kept: ["the job, its pictures and its history: until you delete the job", "log lines with the job's id: 30 days"],
};

it("a receipt as text names everything that went and everything that stays", () => {
  const text = asText(RECEIPT, en.you.receipt, "en");

  for (const name of RECEIPT.removed) expect(text).toContain(name);
  expect(text).toContain("Prints (1)");
  expect(text).toContain("The sheet, its pictures and its history: until you delete the sheet");
  expect(text).toContain("Log lines with the sheet's id: 30 days");
});

it("the same receipt speaks German", () => {
  const text = asText({ ...RECEIPT, state: "due", done: null, removed: [] }, de.you.receipt, "de");

  expect(text).toContain("Fertig: noch nicht");
  expect(text).toContain("Protokollzeilen mit der Kennung des Bogens: 30 Tage");
});
