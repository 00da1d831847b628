import { expect, it } from "vitest";
import type { Deployment } from "../api/types.ts";
import { de } from "../words/de/index.ts";
import { en } from "../words/en/index.ts";
import { endpointLine } from "./endpoint.ts";

const NOW = new Date("2026-11-22T14:07:00");
const AWAKE: Deployment = {
  state: "awake",
  since: "2026-11-22T13:00:00",
  until: "2026-11-22T16:40:00",
  hourlyPrice: 0.95,
  currency: "USD",
  failure: null,
};

const english = (some: Partial<Deployment>) => endpointLine({ ...AWAKE, ...some }, en.library.endpoint, "en", NOW);
const german = (some: Partial<Deployment>) => endpointLine({ ...AWAKE, ...some }, de.library.endpoint, "de", NOW);

it("an endpoint that is awake says until when and at what price", () => {
  expect(english({})).toBe("awake until 16:40, US$0.95 an hour");
  expect(german({}).replaceAll("\u00a0", " ")).toBe("wach bis 16:40, 0,95 $ pro Stunde");
});

it("an end that lies on another day names that day", () => {
  expect(english({ until: "2026-11-23T02:10:00" })).toBe("awake until tomorrow, 02:10, US$0.95 an hour");
  expect(english({ until: "2026-11-25T02:10:00" })).toBe("awake until 25 Nov, 02:10, US$0.95 an hour");
});

it("what costs nothing says so instead of a zero", () => {
  expect(english({ hourlyPrice: 0, until: null })).toBe("awake, at no cost");
  expect(english({ state: "asleep", until: null })).toBe("asleep, costs nothing");
  expect(german({ state: "asleep", until: null })).toBe("schläft, kostet nichts");
});
