/** A new sheet gets an address of its own under the hands of whoever is marking its first pictures: the frame that had the focus keeps it. */

let held: string | undefined;

/** How many times a page may be drawn until its frames are there. */
const DRAWINGS = 30;

export function holdFrame(): void {
  held = document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset.key;
}

export function takeFrame(): void {
  const key = held;
  held = undefined;
  if (key) focusFrame(key, DRAWINGS);
}

function focusFrame(key: string, drawings: number): void {
  const frame = document.querySelector<HTMLElement>(`.light-table [role="row"][data-key="${CSS.escape(key)}"]`);
  if (frame) frame.focus();
  else if (drawings > 0) requestAnimationFrame(() => focusFrame(key, drawings - 1));
}
