import { expect, it } from "vitest";
import { chosenTheme } from "./theme.ts";

it("the light is the system's until another was chosen", () => {
  expect([null, "", "purple", "dark", "light"].map((kept) => chosenTheme(kept))).toEqual(["system", "system", "system", "dark", "light"]);
});
