/** The rows of the wall: a day's name, then its prints, as many a row as fit. All heights are known before anything is drawn, so that a wall
 * of thousands is as tall as it will be, and going back finds the place where one was. */

import type { Print } from "./prints.ts";

export type Row = { readonly day: string; readonly prints?: never } | { readonly day?: never; readonly prints: readonly Print[] };

export function rowsOf(prints: readonly Print[], columns: number): readonly Row[] {
  const days = new Map<string, Print[]>();
  for (const print of prints) {
    const day = dayOf(print.made.created);
    const there = days.get(day);
    if (there) there.push(print);
    else days.set(day, [print]);
  }
  return [...days].flatMap(([day, ofDay]) => [{ day }, ...inRows(ofDay, columns)]);
}

function inRows(prints: readonly Print[], columns: number): readonly Row[] {
  return Array.from({ length: Math.ceil(prints.length / columns) }, (_, row) => ({
    prints: prints.slice(row * columns, (row + 1) * columns),
  }));
}

export const rowWith = (rows: readonly Row[], key: string): number =>
  rows.findIndex(({ prints }) => prints?.some((print) => print.key === key));

/** "2026-11-22", where the browser is. */
function dayOf(at: string): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Of a day such as dayOf names; noon, as some days have 23 hours. */
export function daysAgo(day: string, now = new Date()): number {
  return Math.round((Date.parse(`${dayOf(now.toISOString())}T12:00`) - Date.parse(`${day}T12:00`)) / 86_400_000);
}

export const GAP = 12;
const TILE = 190;
export const DAY_HEIGHT = 56;

export function columnsIn(width: number): number {
  if (width < 500) return 3;
  return Math.max(3, Math.floor((width + GAP) / (TILE + GAP)));
}

export const tileSide = (width: number, columns: number): number => (width - (columns - 1) * GAP) / columns;

/** Up and down in a wall whose days end in the middle of a row: the print above or below, or the last of that row. */
export function verticalStep(rows: readonly Row[], key: string, down: boolean): string | undefined {
  const at = rowWith(rows, key);
  const column = rows[at]?.prints?.findIndex((print) => print.key === key) ?? 0;
  const next = [1, 2].map((far) => rows[down ? at + far : at - far]).find((row) => row?.prints)?.prints;
  return next?.[Math.min(column, next.length - 1)]?.key;
}
