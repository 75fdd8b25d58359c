/** Puts the drawing on the stage: nodes of Vue Flow, where ports stand, and where wires run. */

import type { GraphNode, Node, NodeChange, VueFlowStore } from "@vue-flow/core";
import { computed, markRaw, shallowReactive, shallowRef } from "vue";

import type { Drawing } from "./drawing";
import { GRID, ROW, WIDE, around, likelyHeight, portDown, rowOf, rowsOf, splitEnd, toPixels } from "./geometry";
import type { Box } from "./geometry";
import { colourOf } from "./families";
import type { Wanted } from "./passing";
import { backward, lanes, onward, runsOn } from "./routes";
import type { PortSpot, Route, Trunk } from "./routes";
import { finding, movedBetween, passingOf, still } from "./ways";
import type { Way, Ways } from "./ways";
import type { Card, Group, Link, Note, Op, Port, Side } from "./protocol";

export type Stage = ReturnType<typeof createStage>;

export interface Folded {
  group: Group;
  inputs: { key: string; port: Port }[];
  outputs: { key: string; port: Port }[];
}

export const noteNode = (id: string) => `note:${id}`;
export const groupNode = (id: string) => `group:${id}`;
const CHUNK = 120;
/** Milliseconds of a frame that finding ways may take. */
const BUDGET = 6;

export function createStage(drawing: Drawing, flow: VueFlowStore) {
  /** Where everything stands, taken when nothing moves. */
  const boxes = shallowRef<Box[]>([]);
  const dragging = shallowRef(false);
  const ways = shallowReactive(new Map<string, Way>());
  let search = finding([], [], new Map(), []);
  /** Whether the drawing was told anew since the ways were found. */
  let retold = false;
  let settling = 0;

  // -- nodes --

  function wanted(): Node[] {
    const hidden = drawing.hiddenIn.value;
    const cards = [...drawing.cards.values()].filter((card) => !hidden.has(card.id)).map(cardNode);
    const folded = [...drawing.groups.values()].filter((group) => group.folded).map(foldedNode);
    return [...cards, ...folded, ...[...drawing.notes.values()].map(noteNodeOf)];
  }

  /** Takes over what the drawing says now; what stays keeps its measured size and its selection. */
  function redraw(): void {
    retold = true;
    flow.setNodes(wanted().map(keeping));
    settle();
  }

  /** Takes over what changed: a card alone where that is all, else everything. */
  function take(ops: Op[]): void {
    retold = true;
    const folded = drawing.hiddenIn.value.size > 0;
    const alone = ops.every((op) => (op.op === "card" ? flow.findNode(op.card.id) : op.op.startsWith("link")));
    if (folded || !alone) return redraw();
    for (const op of ops) if (op.op === "card") patch(op.card);
    settle();
  }

  function patch(card: Card): void {
    const node = flow.findNode(card.id);
    if (!node) return;
    const { position, ariaLabel } = cardNode(card);
    Object.assign(node, { data: markRaw(card), ariaLabel });
    if (!node.dragging) node.position = position;
  }

  /** The first drawing of a large flow comes in pieces, so that the page answers meanwhile. */
  async function draw(): Promise<void> {
    retold = true;
    const all = wanted();
    flow.setNodes(all.slice(0, CHUNK));
    for (let at = CHUNK; at < all.length; at += CHUNK) {
      await new Promise(requestAnimationFrame);
      flow.setNodes([...flow.nodes.value, ...all.slice(at, at + CHUNK)]);
    }
    settle();
  }

  function keeping(node: Node): Node {
    const old = flow.findNode(node.id);
    if (!old) return node;
    const position = old.dragging ? old.position : node.position;
    return { ...old, ...node, position, selected: old.selected, dimensions: old.dimensions } as Node;
  }

  function foldedNode(group: Group): Node {
    const members = group.cards.flatMap((id) => drawing.cards.get(id) ?? []);
    const position = toPixels([
      Math.min(...members.map((card) => card.position[0]), Infinity),
      Math.min(...members.map((card) => card.position[1]), Infinity),
    ]);
    const data = folded(group);
    return {
      id: groupNode(group.id),
      type: "folded",
      position: Number.isFinite(position.x) ? position : { x: 0, y: 0 },
      data: markRaw(data),
      ariaLabel: `Folded group ${group.title}, ${group.cards.length} steps. Enter unfolds it.`,
      dimensions: markRaw({ width: WIDE, height: 64 + rowsOf(data) * ROW + 8 }),
    } as Node;
  }

  /** The ports through which links enter and leave a folded group. */
  function folded(group: Group): Folded {
    const inside = new Set(group.cards);
    const [inputs, outputs] = [new Map<string, Port>(), new Map<string, Port>()];
    for (const link of drawing.links.values()) {
      const [from, to] = [splitEnd(link.source), splitEnd(link.target)];
      if (inside.has(from.card) === inside.has(to.card)) continue;
      const [ports, end, side]: [Map<string, Port>, typeof from, Side] = inside.has(from.card)
        ? [outputs, from, "out"]
        : [inputs, to, "in"];
      const card = drawing.cards.get(end.card);
      const port = (side === "in" ? card?.inputs : card?.outputs)?.find((one) => one.name === end.port);
      if (port) ports.set(`${end.card}.${end.port}`, port);
    }
    const listed = (ports: Map<string, Port>) => [...ports].map(([key, port]) => ({ key, port }));
    return { group, inputs: listed(inputs), outputs: listed(outputs) };
  }

  // -- what Vue Flow tells --

  /** One look-up for each change: Vue Flow's own way compares every change with every node. */
  function onChanges(changes: NodeChange[]): void {
    for (const change of changes) {
      if (change.type === "add" || change.type === "remove") continue;
      const node = flow.findNode(change.id);
      if (!node) continue;
      if (change.type === "select") node.selected = change.selected;
      if (change.type === "position") {
        if (change.position) node.position = change.position;
        node.dragging = change.dragging ?? false;
      }
      if (change.type === "dimensions") settle();
    }
  }

  function settle(): void {
    if (settling || dragging.value) return;
    settling = requestAnimationFrame(() => {
      settling = 0;
      if (!dragging.value) takePlaces(flow.nodes.value.map(boxOf));
    });
  }

  function takePlaces(now: Box[]): void {
    const moved = movedBetween(boxes.value, now);
    if (!moved.length && !retold) return;
    const cards = now.filter((box) => !box.id.startsWith(noteNode("")));
    search = finding(wiresOnward(), cards, ways, moved);
    boxes.value = now;
    retold = false;
    findWays();
  }

  /** Finds ways for a part of a frame; what is left, in a flow of thousands of long wires, comes in the next ones. */
  function findWays(mine = search): void {
    if (mine !== search) return;
    const until = performance.now() + BUDGET;
    let step = dragging.value ? null : mine.next();
    while (step && !step.done && performance.now() < until) step = mine.next();
    if (step) takeWays(step.value);
    if (!step?.done) requestAnimationFrame(() => findWays(mine));
  }

  /** Only the wires whose way is another one are drawn anew. */
  function takeWays(found: Ways): void {
    for (const id of ways.keys()) if (!found.has(id)) ways.delete(id);
    for (const [id, way] of found) if (ways.get(id) !== way) ways.set(id, markRaw(way));
  }

  function wiresOnward(): Wanted[] {
    return [...drawing.links.values()].flatMap((link) => {
      const [start, end] = [spot(link.source, "out"), spot(link.target, "in")];
      const own: [string, string] = [nodeOf(link.source), nodeOf(link.target)];
      if (!start || !end || folds(link) || (link.feedback && !runsOn(start, end))) return [];
      return [{ id: link.id, source: link.source, start, end, own }];
    });
  }

  // -- where ports and wires stand --

  function spot(end: string, side: Side): PortSpot | null {
    const { card: id, port } = splitEnd(end);
    const group = drawing.hiddenIn.value.get(id);
    const node = flow.findNode(group ? groupNode(group) : id);
    if (!node) return null;
    const { rows, row } = group ? foldedRow(node.data as Folded, end, side) : cardRow(node.data as Card, port, side);
    if (row < 0) return null;
    const x = node.position.x + (side === "out" ? WIDE : 0);
    return { x, y: node.position.y + portDown(node.dimensions.height, rows, row), row };
  }

  function route(link: Link): Route | null {
    if (folds(link)) return null;
    const [start, end] = [spot(link.source, "out"), spot(link.target, "in")];
    if (!start || !end) return null;
    if (link.feedback && !runsOn(start, end)) return under(link, start, end);
    const way = ways.get(link.id);
    // While a card is dragged its wires follow it straight on; their ways are found when it stands.
    if (!way || !still(way, { start, end })) return onward(start, end);
    return way.under ? under(link, start, end) : onward(start, end, way.stops);
  }

  function under(link: Link, start: PortSpot, end: PortSpot): Route {
    return backward(start, end, Math.max(laneOf.value.get(trunkOf(link)) ?? 0, start.y + 48, end.y + 48));
  }

  const laneOf = computed(() => {
    const places = new Map(boxes.value.map((box) => [box.id, box]));
    const trunks = new Map<string, Trunk>();
    for (const link of drawing.links.values()) {
      if (!link.feedback && !ways.get(link.id)?.under) continue;
      const [from, to] = [places.get(nodeOf(link.source)), places.get(nodeOf(link.target))];
      if (!from || !to || runsOn({ x: from.x + from.w, y: 0 }, to)) continue;
      const key = trunkOf(link);
      const old = trunks.get(key);
      trunks.set(key, {
        key,
        left: Math.min(to.x - 20, old?.left ?? Infinity),
        right: from.x + from.w + 20,
        below: Math.max(from.y + from.h, to.y + to.h, old?.below ?? -Infinity),
      });
    }
    return lanes([...trunks.values()], boxes.value, [...ways.values()].flatMap(passingOf));
  });

  /** Whether a wire lies within a folded group. */
  function folds(link: Link): boolean {
    const group = drawing.hiddenIn.value.get(splitEnd(link.source).card);
    return group !== undefined && group === drawing.hiddenIn.value.get(splitEnd(link.target).card);
  }

  /** The node at which a wire ends: a card, or the folded group that hides it. */
  function nodeOf(end: string): string {
    const { card } = splitEnd(end);
    const group = drawing.hiddenIn.value.get(card);
    return group ? groupNode(group) : card;
  }

  /** All that is drawn: cards and notes, the frames of groups, and the wires around them. */
  function extent(): Box | null {
    const nodes = flow.nodes.value.map(boxOf);
    const wires = [...drawing.links.values()].flatMap((link) => route(link)?.box ?? []);
    return around([...nodes, ...wires]);
  }

  return { boxes, dragging, draw, take, settle, extent, onChanges, spot, route };
}

/** Ways round that leave one port together share a lane. */
function trunkOf(link: Link): string {
  return `${link.source} ${link.feedback}`;
}

function cardNode(card: Card): Node {
  const sentence = card.parts.map((part) => part.text).join("");
  return {
    id: card.id,
    type: "card",
    position: toPixels(card.position),
    data: card,
    ariaLabel: [`${card.title}: ${sentence}`, card.problems.says].filter(Boolean).join(". "),
    dimensions: markRaw({ width: WIDE, height: likelyHeight(card) }),
  } as Node;
}

function noteNodeOf(note: Note): Node {
  const [w, h] = note.size;
  return {
    id: noteNode(note.id),
    type: "note",
    position: toPixels(note.position),
    data: note,
    zIndex: -1,
    ariaLabel: `Note: ${note.text}`,
    dimensions: markRaw({ width: w * GRID, height: h * GRID }),
  } as Node;
}

function cardRow(card: Card, port: string, side: Side): { rows: number; row: number } {
  return { rows: rowsOf(card), row: rowOf(side === "in" ? card.inputs : card.outputs, port) };
}

function foldedRow(folded: Folded, key: string, side: Side): { rows: number; row: number } {
  const row = (side === "in" ? folded.inputs : folded.outputs).findIndex((pin) => pin.key === key);
  return { rows: rowsOf(folded), row };
}

export function boxOf(node: GraphNode): Box {
  return { id: node.id, ...node.position, w: node.dimensions.width, h: node.dimensions.height };
}

export function colourOfNode(node: GraphNode): string {
  if (node.type === "note") return "var(--td-note-border)";
  return node.type === "card" ? colourOf((node.data as Card).family) : "var(--td-muted)";
}
