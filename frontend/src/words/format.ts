/** Numbers, times and money as they are written in a language. Everything here is a function of its arguments. */

import type { Language } from "./words.ts";

/** English as it is written outside America: 24 hours, the day before the month. */
export const LOCALE: Readonly<Record<Language, string>> = { en: "en-GB", de: "de-DE" };

/** Making a formatter takes longer than a thousand uses of it. */
const made = new Map<string, Intl.NumberFormat>();

function numbers(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language}${JSON.stringify(options)}`;
  const format = made.get(key) ?? new Intl.NumberFormat(LOCALE[language], options);
  made.set(key, format);
  return format;
}

export const number = (value: number, language: Language, digits = 0): string =>
  numbers(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** Of a share: "62 %". */
export const percent = (share: number, language: Language): string => `${number(share * 100, language)} %`;

export const money = (value: number, currency: string, language: Language): string =>
  numbers(language, { style: "currency", currency }).format(value);

/** "€0.90–€1.40", "0,90–1,40 €"; one price where both are the same. */
export const moneyRange = (low: number, high: number, currency: string, language: Language): string => {
  const format = numbers(language, { style: "currency", currency });
  return format.format(low) === format.format(high) ? format.format(low) : format.formatRange(low, high);
};

/** "14:07" */
export const clock = (at: string | Date, language: Language): string =>
  new Date(at).toLocaleTimeString(LOCALE[language], { hour: "2-digit", minute: "2-digit" });

/** "22 Nov"; of another year "22 Nov 2025". */
export function day(at: string | Date, language: Language, now = new Date()): string {
  const then = new Date(at);
  const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return then.toLocaleDateString(LOCALE[language], { day: "numeric", month: "short", ...year });
}

const NEAR_DAYS = 6;

/** "today", "yesterday", "tomorrow", "in 3 days"; beyond a week the day itself. */
export function nearDay(at: string | Date, language: Language, now = new Date()): string {
  const days = Math.round((midnight(new Date(at)) - midnight(now)) / 86_400_000);
  if (Math.abs(days) > NEAR_DAYS) return day(at, language, now);
  return new Intl.RelativeTimeFormat(LOCALE[language], { numeric: "auto" }).format(days, "day");
}

/** "today, 14:07" */
export const moment = (at: string | Date, language: Language, now = new Date()): string =>
  `${nearDay(at, language, now)}, ${clock(at, language)}`;

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "40 s", "3 min", "2 h 5 min": as on a clock, in every language. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "18–26 min", "40 s–2 min"; one duration where both are the same. */
export function durationRange(low: number, high: number): string {
  const [from, to] = [duration(low), duration(high)];
  if (from === to) return from;
  const [fromUnit, toUnit] = [from, to].map((each) => each.replace(/^\d+/, ""));
  return fromUnit === toUnit ? `${Number.parseInt(from, 10)}–${to}` : `${from}–${to}`;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Of bytes: "14.2 MB", by a thousand as file managers count. */
export function bytes(count: number, language: Language): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  const unit = UNITS[power] ?? "byte";
  return numbers(language, { style: "unit", unit, maximumFractionDigits: power > 1 ? 1 : 0 }).format(count / 1000 ** power);
}
