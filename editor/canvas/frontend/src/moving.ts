/** Moves that are finished become one intent: after a drag, or a moment after the last arrow key. */

import type { VueFlowStore } from "@vue-flow/core";

import type { Drawing } from "./drawing";
import { GRID, toGrid } from "./geometry";
import type { Stage } from "./stage";
import type { Point } from "./protocol";

/** Arrow keys within this many milliseconds are one gesture. */
const PAUSE = 300;

type Tell = (type: string, body: Record<string, unknown>) => void;

export type Moving = ReturnType<typeof createMoving>;

export function createMoving(drawing: Drawing, stage: Stage, flow: VueFlowStore, tell: Tell) {
  let timer = 0;
  let nudged = new Set<string>();

  function began(): void {
    flush();
    stage.dragging.value = true;
  }

  /** A drag has ended; what was let go on a wire goes into it. */
  function ended(nodes: string[], into: string | null = null): void {
    stage.dragging.value = false;
    const node = into ? flow.findNode(nodes[0]) : undefined;
    if (!node) return moved(nodes);
    tell("insert", { card: node.id, into, position: toGrid(node.position.x, node.position.y) });
    stage.settle();
  }

  /** Tells the places of nodes that no longer stand where the drawing has them. */
  function moved(nodes: string[]): void {
    const positions: Record<string, Point> = {};
    for (const id of nodes) Object.assign(positions, placesOf(id));
    if (Object.keys(positions).length) tell("move", { positions });
    stage.settle();
  }

  function placesOf(id: string): Record<string, Point> {
    const node = flow.findNode(id);
    if (!node) return {};
    const now = toGrid(node.position.x, node.position.y);
    if (node.type === "note") return changed(id.slice("note:".length), drawing.notes.get(id.slice("note:".length))?.position, now);
    if (node.type === "card") return changed(id, drawing.cards.get(id)?.position, now);
    return foldedPlaces(id.slice("group:".length), now);
  }

  /** A folded group takes its cards along. */
  function foldedPlaces(group: string, [x, y]: Point): Record<string, Point> {
    const members = drawing.groups.get(group)?.cards.flatMap((card) => drawing.cards.get(card) ?? []) ?? [];
    const left = Math.min(...members.map((card) => card.position[0]));
    const top = Math.min(...members.map((card) => card.position[1]));
    if (left === x && top === y) return {};
    return Object.fromEntries(members.map((card) => [card.id, [card.position[0] + x - left, card.position[1] + y - top]]));
  }

  function nudge([x, y]: [number, number], far: number): void {
    for (const node of flow.getSelectedNodes.value) {
      node.position = { x: node.position.x + x * far * GRID, y: node.position.y + y * far * GRID };
      nudged.add(node.id);
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, PAUSE);
  }

  function flush(): void {
    window.clearTimeout(timer);
    const nodes = [...nudged];
    nudged = new Set();
    if (nodes.length) moved(nodes);
  }

  /** Takes hold of several cards by the head of their frame. */
  function grab(cards: string[], event: PointerEvent): void {
    if (drawing.readOnly.value || event.button) return;
    const nodes = cards.flatMap((id) => flow.findNode(id) ?? []);
    const from = nodes.map((node) => ({ ...node.position }));
    began();
    const move = (next: PointerEvent) => {
      const step = GRID * flow.viewport.value.zoom;
      const [x, y] = toGrid(((next.clientX - event.clientX) / step) * GRID, ((next.clientY - event.clientY) / step) * GRID);
      nodes.forEach((node, at) => (node.position = { x: from[at]!.x + x * GRID, y: from[at]!.y + y * GRID }));
    };
    const up = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      ended(nodes.map((node) => node.id));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
  }

  return { began, ended, nudge, flush, grab };
}

function changed(id: string, before: Point | undefined, now: Point): Record<string, Point> {
  return !before || before[0] !== now[0] || before[1] !== now[1] ? { [id]: now } : {};
}
