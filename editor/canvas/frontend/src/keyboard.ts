/** What each key does on the canvas. */

import type { VueFlowStore } from "@vue-flow/core";
import type { ShallowRef } from "vue";

import type { Adding } from "./adding";
import { NO_WISH } from "./choice";
import type { Deeds } from "./deeds";
import type { Drawing } from "./drawing";
import { nextPart, nodeOf, partAt } from "./inner";
import { ARROWS, GLOBAL, actionOf, elsewhere } from "./keys";
import type { Action } from "./keys";
import type { Looking } from "./looking";
import type { Moving } from "./moving";
import { neighbour } from "./neighbours";
import type { Stage } from "./stage";
import { endOf } from "./wire";

export interface Doings {
  tell(action: string): void;
  open(node: string): void;
  copy(cut: boolean): boolean;
  link(node: string): void;
  note(): void;
  map(): void;
  escape(): void;
}

export function createKeyboard(
  drawing: Drawing,
  stage: Stage,
  flow: VueFlowStore,
  root: Readonly<ShallowRef<HTMLElement | null>>,
  parts: { adding: Adding; deeds: Deeds; looking: Looking; moving: Moving },
  doings: Doings,
) {
  const { adding, deeds, looking, moving } = parts;
  const CALM = { duration: 120 };
  /** How the canvas itself came to have the focus, by which Tab means what is next there. */
  let came: "by click" | "by keys" | "to leave" = "by keys";

  function onKey(event: KeyboardEvent): void {
    if (elsewhere(event)) return;
    const [action, active] = [actionOf(event), document.activeElement];
    const part = partAt(active);
    const here = root.value?.contains(active) || active === document.body;
    if (action && GLOBAL.has(action)) doings.tell(action);
    else if (!here) return;
    else if (part && ARROWS[event.key] && !event.altKey) nextPart(part, ARROWS[event.key]!);
    else if (part?.dataset.port && (event.key === "Enter" || event.key === " ")) linkFrom(part);
    else if (part && event.key === "Escape") nodeOf(part)?.focus();
    else if (ARROWS[event.key]) arrow(ARROWS[event.key]!, event);
    else if (event.key === "Tab" && active === root.value) {
      if (event.shiftKey || !tab()) return;
    } else if (!action || !does(action)) return;
    event.preventDefault();
  }

  /** Whether Tab on the canvas itself does more than go on: to the selected card, past all cards, or to a new step. */
  function tab(): boolean {
    const [card, how] = [looking.selected.value[0], came];
    came = "by keys";
    if (how === "to leave") root.value?.querySelector<HTMLElement>(".td-view-bar button")?.focus();
    else if (card) looking.focusNode(card);
    else if (how === "by click" && !drawing.readOnly.value) adding.add(NO_WISH, adding.middle());
    else return false;
    return true;
  }

  function linkFrom(port: HTMLElement): void {
    const { right, top } = port.getBoundingClientRect();
    adding.chooseTarget(endOf(port), { x: right + 16, y: top });
  }

  function onPress(): void {
    came = "by click";
  }

  /** Arrows move what is selected; with Alt, or with nothing selected, they go to the next card. */
  function arrow(way: [number, number], event: KeyboardEvent): void {
    if (looking.selected.value.length && !event.altKey) {
      if (!drawing.readOnly.value) moving.nudge(way, event.shiftKey ? 5 : 1);
      return;
    }
    const from = stage.boxes.value.find((box) => box.id === looking.focused()) ?? null;
    const next = neighbour(stage.boxes.value, from, way);
    if (next) void looking.focusCard(next.id);
  }

  /** Whether the key meant something here. */
  function does(action: Action): boolean {
    const selected = looking.selected.value;
    const one = looking.focused() ?? (selected.length === 1 ? selected[0] : undefined);
    const pressed = document.activeElement?.closest("button, [data-link]");
    switch (action) {
      case "remove": deeds.remove(); return true;
      case "copy": return doings.copy(false);
      case "cut": return doings.copy(true);
      case "duplicate": deeds.duplicate(); return true;
      case "group": deeds.group(); return true;
      case "all": flow.addSelectedNodes(flow.nodes.value); return true;
      case "add": adding.add(NO_WISH, adding.middle()); return true;
      case "escape": doings.escape(); came = "to leave"; return true;
      case "open": if (one && !pressed) doings.open(one); return Boolean(one && !pressed);
      case "link": if (one) doings.link(one); return true;
      case "note": doings.note(); return true;
      case "fit": void looking.fitView(CALM); return true;
      case "nearer": void flow.zoomIn(CALM); return true;
      case "further": void flow.zoomOut(CALM); return true;
      case "plain": void flow.zoomTo(1, CALM); return true;
      case "map": doings.map(); return true;
      default: return false;
    }
  }

  /** A card that is reached by keys is selected, so that the keys which follow mean it. */
  function onFocus(event: FocusEvent): void {
    const target = event.target as HTMLElement;
    if (!target.classList.contains("vue-flow__node") || !target.matches(":focus-visible")) return;
    const node = target.dataset.id ?? "";
    if (!looking.selected.value.includes(node)) looking.select([node]);
    void looking.reveal();
  }

  return { onKey, onFocus, onPress };
}
