/** Adding steps and linking ports: by a wire that is let go, a tap, a double click or a list. */

import type { VueFlowStore } from "@vue-flow/core";
import { nextTick, shallowRef } from "vue";
import type { ShallowRef } from "vue";

import { NO_WISH, portsOf, stepsToAdd, targetsOf } from "./choice";
import type { Choice, Wish } from "./choice";
import type { Drawing } from "./drawing";
import type { Candidate, End } from "./fitting";
import { GRID, WIDE, toGrid } from "./geometry";
import type { Box } from "./geometry";
import { boxOf } from "./stage";
import type { Spot } from "./routes";
import type { Point } from "./protocol";

/** About as high as a card with a short sentence. */
const LIKELY = 6 * GRID;

type Tell = (type: string, body: Record<string, unknown>) => void;

export type Adding = ReturnType<typeof createAdding>;

export function createAdding(
  drawing: Drawing,
  flow: VueFlowStore,
  root: Readonly<ShallowRef<HTMLElement | null>>,
  tell: Tell,
) {
  /** The list that is open, if one is. */
  const choice = shallowRef<Choice | null>(null);

  /** `beside`: Python finds a free place beside the card that the new one comes from. */
  function add(wish: Wish, at: Spot, beside = false): void {
    if (drawing.readOnly.value) return;
    const position = beside && wish.from ? null : place(at, wish);
    choice.value = stepsToAdd(drawing, wish, inside(at), (kind) => tell("add", { kind, position, ...wish }));
  }

  /** Where a new card stands: its port under the pointer where it comes from a wire. */
  function place(at: Spot, wish: Wish): Point {
    const { x, y } = flow.screenToFlowCoordinate(at);
    return toGrid(wish.to ? x - WIDE : x, y - (wish.from || wish.to ? 4 * GRID : 0));
  }

  function addNote(): void {
    const { x, y } = flow.screenToFlowCoordinate(middle());
    tell("note", { position: toGrid(x, y), text: "" });
  }

  // -- what a wire becomes where it is let go --

  function onLink(from: End, to: Candidate): void {
    const [source, target] = from.side === "out" ? [from, to.end] : [to.end, from];
    tell("connect", {
      source: `${source.card}.${source.port}`,
      target: `${target.card}.${target.port}`,
      feedback: to.verdict.feedback,
    });
  }

  function onCard(from: End, fits: Candidate[], at: Spot): void {
    choice.value = targetsOf(drawing, from, inside(at), (to) => onLink(from, to), () => undefined, fits);
  }

  function onCanvas(from: End, at: Spot): void {
    add(wishOf(from), at);
  }

  function onTap(from: End, plus: boolean, at: Spot): void {
    if (plus) add(wishOf(from), { x: at.x + (from.side === "out" ? 60 : -60), y: at.y }, true);
    else chooseTarget(from, at);
  }

  // -- the keyboard's way: a port of the card, then what it shall be linked to --

  /** Whether the card has a port to begin with. */
  function linkByList(card: string): boolean {
    const [node, step] = [flow.findNode(card), drawing.cards.get(card)];
    if (!node || !step || drawing.readOnly.value) return true;
    const at = onPage({ x: node.position.x + WIDE + GRID, y: node.position.y });
    const ports = portsOf(step, inside(at), (end) => void nextTick(() => chooseTarget(end, at)));
    if (ports.items("").length) choice.value = ports;
    return Boolean(choice.value);
  }

  function chooseTarget(from: End, at: Spot): void {
    if (drawing.readOnly.value) return;
    const more = () => void nextTick(() => add(wishOf(from), at, true));
    choice.value = targetsOf(drawing, from, inside(at), (to) => onLink(from, to), more);
  }

  function close(): void {
    choice.value = null;
    root.value?.focus();
  }

  // -- places --

  function area(): DOMRect {
    return root.value?.getBoundingClientRect() ?? new DOMRect();
  }

  /** From pixels of the page to pixels of the canvas. */
  function inside(at: Spot): Spot {
    return { x: at.x - area().left, y: at.y - area().top };
  }

  function onPage(at: Spot): Spot {
    const { x, y, zoom } = flow.viewport.value;
    return { x: area().left + x + at.x * zoom, y: area().top + y + at.y * zoom };
  }

  /** Near the middle of the view, further down where something stands there already. */
  function middle(): Spot {
    const { left, top, width, height } = area();
    const { x, y } = flow.screenToFlowCoordinate({ x: left + width / 2 - WIDE / 2, y: top + height / 3 });
    return onPage({ x, y: freeDown(flow.nodes.value.map(boxOf), x, y) });
  }

  return { choice, add, addNote, onLink, onCard, onCanvas, onTap, linkByList, chooseTarget, close, area, inside, middle };
}

function wishOf(from: End): Wish {
  const end = `${from.card}.${from.port}`;
  return from.side === "out" ? { ...NO_WISH, from: end } : { ...NO_WISH, to: end };
}

function freeDown(boxes: Box[], x: number, y: number): number {
  const beside = boxes.filter((box) => box.x < x + WIDE && box.x + box.w > x).sort((a, b) => a.y - b.y);
  for (const box of beside) if (box.y < y + LIKELY && box.y + box.h > y) y = box.y + box.h + GRID;
  return y;
}
