import { expect, it } from "vitest";
import { bytes, clock, day, duration, durationRange, moment, money, moneyRange, nearDay, number, percent } from "./format.ts";

const NOW = new Date(2026, 10, 23, 14, 7);
const at = (days: number) => new Date(2026, 10, 23 + days, 9, 5);

it("numbers are written as each language writes them", () => {
  expect(number(1234.5, "en", 1)).toBe("1,234.5");
  expect(number(1234.5, "de", 1)).toBe("1.234,5");
  expect(percent(0.624, "en")).toBe("62 %");
  expect(percent(1, "de")).toBe("100 %");
});

it("money says its currency where the language puts it", () => {
  expect(money(1.1, "EUR", "en")).toBe("€1.10");
  expect(money(1.1, "EUR", "de")).toBe("1,10\u00a0€");
});

it("a range of prices is one price where both ends are the same", () => {
  expect(moneyRange(0.9, 1.4, "EUR", "en")).toMatch(/^€0\.90\s?[–-]\s?€?1\.40$/);
  expect(moneyRange(0.9, 1.4, "EUR", "de")).toMatch(/^0,90\s?–\s?1,40\s€$/);
  expect(moneyRange(0.901, 0.902, "EUR", "en")).toBe("€0.90");
});

it("a day is named by how near it is", () => {
  expect([-1, 0, 1, 3].map((days) => nearDay(at(days), "en", NOW))).toEqual(["yesterday", "today", "tomorrow", "in 3 days"]);
  expect([-1, 0, 1, 3].map((days) => nearDay(at(days), "de", NOW))).toEqual(["gestern", "heute", "morgen", "in 3 Tagen"]);
  expect(nearDay(at(-21), "en", NOW)).toBe("2 Nov");
});

it("midnight parts the days, not 24 hours", () => {
  const late = new Date(2026, 10, 22, 23, 59);
  const early = new Date(2026, 10, 23, 0, 1);

  expect(nearDay(late, "en", early)).toBe("yesterday");
});

it("a day of another year names the year", () => {
  expect(day(new Date(2025, 10, 22), "en", NOW)).toBe("22 Nov 2025");
  expect(day(new Date(2025, 10, 22), "de", NOW)).toBe("22. Nov. 2025");
  expect(day(at(-1), "de", NOW)).toBe("22. Nov.");
});

it("hours go to 24", () => {
  expect(clock(NOW, "en")).toBe("14:07");
  expect(clock(NOW, "de")).toBe("14:07");
  expect(moment(at(0), "de", NOW)).toBe("heute, 09:05");
});

it("a duration keeps what matters of it", () => {
  expect([0, 40, 60, 200, 3600, 7500].map(duration)).toEqual(["0 s", "40 s", "1 min", "3 min", "1 h", "2 h 5 min"]);
  expect(duration(-3)).toBe("0 s");
});

it("a range of durations says a common unit once", () => {
  expect(durationRange(1080, 1560)).toBe("18–26 min");
  expect(durationRange(40, 120)).toBe("40 s–2 min");
  expect(durationRange(3000, 7500)).toBe("50 min–2 h 5 min");
  expect(durationRange(61, 62)).toBe("1 min");
});

it("bytes are counted by a thousand", () => {
  expect([950, 38_200, 14_200_000, 3_400_000_000].map((count) => bytes(count, "en"))).toEqual(["950 byte", "38 kB", "14.2 MB", "3.4 GB"]);
  expect(bytes(14_200_000, "de")).toBe("14,2 MB");
  expect(bytes(0, "en")).toBe("0 byte");
});
