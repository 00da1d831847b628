/** "SHEET 4KX2": enough of an id to tell a designer's sheets apart. */
export function sheetNumber(id: string): string {
  return `SHEET ${id.slice(-4).toUpperCase()}`;
}

/** "today, 14:07", "yesterday, 9:30", "22 Nov, 14:07". */
export function since(at: string, now = new Date()): string {
  const then = new Date(at);
  const time = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const days = Math.round((midnight(now) - midnight(then)) / 86_400_000);
  if (days === 0) return `today, ${time}`;
  if (days === 1) return `yesterday, ${time}`;
  return `${then.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
