import { expect, it } from "vitest";
import { deletionOf, inFull } from "./retention.ts";

it("pictures are kept for as many days as the service says, and the day is said in full", () => {
  const at = deletionOf("2026-11-22T12:00:00Z", 30);

  expect(inFull(at, "en")).toBe("22 December");
  expect(inFull(at, "de")).toBe("22. Dezember");
});
