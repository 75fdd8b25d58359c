/** A card that is dragged onto a wire goes between its ends, where ports of it fit and are free. */

import type { GraphNode, VueFlowStore } from "@vue-flow/core";
import { shallowRef } from "vue";

import type { Drawing } from "./drawing";
import { linkText, portAt } from "./fitting";
import { splitEnd } from "./geometry";
import type { Spot } from "./routes";
import { boxOf } from "./stage";
import { say } from "./texts";
import type { Card, Link, Port } from "./protocol";

/** When a card rests for this many milliseconds over a wire that does not take it, it is said why. */
const REST = 350;

/** What letting go would do, near the pointer. */
export interface Hint {
  says: string;
  bad: boolean;
  pointer: Spot;
}

interface Held {
  card: Card;
  before: Set<string>;
  after: Set<string>;
  /** Whether some wire could take it: else wires are not even looked for while it moves. */
  able: boolean;
}

export function createInserting(drawing: Drawing, flow: VueFlowStore) {
  /** The wire that would take the card. */
  const over = shallowRef<string | null>(null);
  const hint = shallowRef<Hint | null>(null);
  let held: Held | null = null;
  let met: string | null = null;
  let [resting, frame] = [0, 0];
  let due: (() => void) | null = null;

  function began(nodes: GraphNode[]): void {
    ended();
    const card = nodes.length === 1 ? drawing.cards.get(nodes[0]!.id) : undefined;
    if (!card) return;
    const able = card.outputs.length > 0 && card.inputs.some(free);
    held = { card, before: drawing.reach(card.id, "up"), after: drawing.reach(card.id, "down"), able };
  }

  /** Looks once a frame which wire is under the card, and says why it does not take it once the card rests. */
  function moved(node: GraphNode, pointer: Spot): void {
    if (!held) return;
    if (hint.value) hint.value = met === null ? null : { ...hint.value, pointer };
    window.clearTimeout(resting);
    resting = window.setTimeout(() => rest(node, pointer), REST);
    due = held.able ? () => look(node, pointer) : null;
    if (due) frame ||= requestAnimationFrame(lookIfDue);
    else if (met !== null) met = hint.value = null;
  }

  function lookIfDue(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    due?.();
    due = null;
  }

  function look(node: GraphNode, pointer: Spot): Link | undefined {
    const link = held ? (wireAt(pointer) ?? wireAt(middleOf(node))) : undefined;
    if (link?.id === (met ?? undefined)) return link;
    met = link?.id ?? null;
    const takes = link && held && whyNot(drawing, link, held) === null;
    over.value = takes ? link.id : null;
    hint.value = takes ? { says: say("between"), bad: false, pointer } : null;
    return link;
  }

  function rest(node: GraphNode, pointer: Spot): void {
    const link = look(node, pointer);
    const why = link && held && whyNot(drawing, link, held);
    if (why) hint.value = { says: why, bad: true, pointer };
  }

  /** The wire into which the card is to go, once it is let go. */
  function ended(): string | null {
    lookIfDue();
    const into = over.value;
    window.clearTimeout(resting);
    over.value = hint.value = held = met = null;
    return into;
  }

  /** The wire under a point of the page that does not end at the card itself. */
  function wireAt({ x, y }: Spot): Link | undefined {
    for (const element of document.elementsFromPoint(x, y)) {
      const link = drawing.links.get(element.closest<SVGElement>(".td-link[data-link]")?.dataset.link ?? "");
      if (link && ![link.source, link.target].some((end) => splitEnd(end).card === held?.card.id)) return link;
    }
    return undefined;
  }

  function middleOf(node: GraphNode): Spot {
    const { x, y, w, h } = boxOf(node);
    const area = flow.vueFlowRef.value?.getBoundingClientRect();
    const view = flow.viewport.value;
    return { x: (area?.left ?? 0) + view.x + (x + w / 2) * view.zoom, y: (area?.top ?? 0) + view.y + (y + h / 2) * view.zoom };
  }

  return { over, hint, began, moved, ended };
}

/** Null where the wire takes the card; else why not in one sentence. Python has the last word. */
function whyNot(drawing: Drawing, link: Link, { card, before, after }: Held): string | null {
  if (link.feedback) return say("noWayBack");
  const [from, to] = [splitEnd(link.source), splitEnd(link.target)];
  const given = portAt(drawing, { ...from, side: "out" });
  const taken = portAt(drawing, { ...to, side: "in" });
  if (!given || !taken) return "";
  if (after.has(from.card) || before.has(to.card)) return `“${card.title}” here would run in a circle within one round.`;
  const inputs = card.inputs.filter((port) => free(port) && port.type === given.type);
  const outputs = card.outputs.filter((port) => port.type === taken.type);
  if (inputs.length !== 1) return which(card, inputs, "takes", given);
  if (outputs.length !== 1) return which(card, outputs, "gives", taken);
  const into = linkText({ ...from, side: "out" }, { card: card.id, port: inputs[0]!.name, side: "in" }, false);
  const out = linkText({ card: card.id, port: outputs[0]!.name, side: "out" }, { ...to, side: "in" }, false);
  return drawing.links.has(into) || drawing.links.has(out) ? "These are linked already." : null;
}

function free(port: Port): boolean {
  return !port.feedback && (port.many || !port.linked);
}

function which(card: Card, ports: Port[], does: string, other: Port): string {
  const kind = other.type.toLowerCase();
  if (ports.length) return `“${card.title}” ${does} ${kind} at several ports. Draw the wires one by one.`;
  return `“${card.title}” has no free port that ${does} ${kind}.`;
}
