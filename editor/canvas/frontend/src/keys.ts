/** What the keys of the canvas do. Keys in fields and dialogs are left alone. */

export type Action =
  | "undo" | "redo" | "save" | "find" | "help" | "run"
  | "remove" | "copy" | "cut" | "duplicate" | "group" | "all" | "escape" | "open" | "link" | "add" | "note"
  | "fit" | "nearer" | "further" | "plain" | "map";

/** Said to Python wherever the focus is. */
export const GLOBAL: ReadonlySet<Action> = new Set(["undo", "redo", "save", "find", "help", "run"]);

const WITH_CONTROL: Record<string, Action> = {
  z: "undo", "shift+z": "redo", y: "redo", s: "save", f: "find", enter: "run",
  c: "copy", x: "cut", d: "duplicate", g: "group", a: "all",
};

const ALONE: Record<string, Action> = {
  delete: "remove", backspace: "remove", escape: "escape", enter: "open", "?": "help",
  a: "add", l: "link", n: "note", f: "fit", m: "map", "+": "nearer", "=": "nearer", "-": "further", "0": "plain",
};

export const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export function actionOf(event: KeyboardEvent): Action | null {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return WITH_CONTROL[event.shiftKey && key.length === 1 ? `shift+${key}` : key] ?? null;
  return ALONE[key] ?? null;
}

/** Whether a key belongs to a field or a dialog. */
export function elsewhere(event: Event): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input, textarea, select, [contenteditable=''], [contenteditable='true'], [role=dialog], .q-dialog")) return true;
  return Boolean(document.querySelector(".q-dialog__inner, [aria-modal='true']"));
}
