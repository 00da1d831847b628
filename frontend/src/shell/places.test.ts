import { expect, it } from "vitest";
import { placeOf } from "./places.tsx";

it("each page belongs to one of the three places, or to none", () => {
  const places = ["/", "/new", "/jobs/x/follow", "/prints", "/models", "/models/x/generate", "/you", "/receipts/x", "/modelstore"].map(
    placeOf,
  );

  expect(places).toEqual(["sheets", "sheets", "sheets", "prints", "models", "models", undefined, undefined, undefined]);
});
