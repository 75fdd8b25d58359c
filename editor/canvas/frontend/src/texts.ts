/** Every sentence of the canvas. A snapshot may bring its own words for any of them. */

const TEXTS: Record<string, string> = {
  canvas: "Canvas of the flow. A adds a step, arrow keys go to the cards, Tab goes into a selected card. Escape and then Tab leaves the cards.",
  emptyTitle: "Draw your first step",
  emptyText: "A flow begins with where the data comes from. Double click anywhere, press A, or drag a step in here.",
  emptyButton: "Add a step",
  readOnly: "Shown for reading only",
  search: "What should happen? For example: ask people",
  fitsHere: "Fits here",
  everything: "All steps",
  nothing: "No step matches these words. Try another word for what should happen.",
  next: "remembered for the next round",
  nextShort: "next round",
  choosePort: "Link from or to which port?",
  chooseTarget: "Link it to what?",
  newStep: "A new step that fits…",
  noneFits: "Nothing in this flow takes it. Let go on empty canvas to add a step that does.",
  alone: "This card has no ports yet. Fill in its settings first.",
  between: "Let go to put it into this wire.",
  noWayBack: "What goes back is remembered as it is: nothing can be put into this wire.",
  missing: "This kind of step is not known here. It is kept as it is, and cannot run.",
};

let own: Record<string, string> = {};

export function useTexts(texts: Record<string, string>): void {
  own = texts;
}

export function say(key: string): string {
  return own[key] ?? TEXTS[key] ?? key;
}

export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
