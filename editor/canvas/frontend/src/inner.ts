/** The words and ports of a card, reached by keys: Tab goes into a selected card, arrow keys from part to part. */

const PARTS = "[data-slot], [data-port]";

/** The part of a card that has the focus. */
export function partAt(active: Element | null): HTMLElement | null {
  return active?.matches(PARTS) ? (active as HTMLElement) : null;
}

export function nodeOf(part: HTMLElement): HTMLElement | null {
  return part.closest<HTMLElement>(".vue-flow__node");
}

/** Onward with the arrows to the right and down, back with the others; it stops at the first and the last. */
export function nextPart(part: HTMLElement, [x, y]: [number, number]): void {
  const parts = [...(nodeOf(part)?.querySelectorAll<HTMLElement>(PARTS) ?? [])];
  parts[parts.indexOf(part) + x + y]?.focus({ preventScroll: true });
}
