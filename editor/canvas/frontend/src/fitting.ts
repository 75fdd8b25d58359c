/** Which ports fit together, and in one sentence why others do not. Python has the last word. */

import type { Drawing } from "./drawing";
import { keyOf } from "./geometry";
import type { Card, Port, Side } from "./protocol";

export interface End {
  card: string;
  port: string;
  side: Side;
}

export interface Verdict {
  fits: boolean;
  feedback: boolean;
  says: string;
}

export interface Candidate {
  end: End;
  card: Card;
  port: Port;
  verdict: Verdict;
}

export function portAt(drawing: Drawing, end: End): Port | undefined {
  const card = drawing.cards.get(end.card);
  return (end.side === "in" ? card?.inputs : card?.outputs)?.find((port) => port.name === end.port);
}

/** Every port on the other side of the flow, judged against one end. */
export function candidates(drawing: Drawing, from: End): Candidate[] {
  const port = portAt(drawing, from);
  if (!port) return [];
  const side: Side = from.side === "out" ? "in" : "out";
  const circle = drawing.reach(from.card, from.side === "out" ? "up" : "down");
  const found: Candidate[] = [];
  for (const card of drawing.cards.values()) {
    for (const other of side === "in" ? card.inputs : card.outputs) {
      const end: End = { card: card.id, port: other.name, side };
      const [source, target] = side === "in" ? [port, other] : [other, port];
      const verdict = judge(source, target, circle.has(card.id), linked(drawing, from, end));
      found.push({ end, card, port: other, verdict });
    }
  }
  return found;
}

export function judge(source: Port, target: Port, circle: boolean, exists: boolean): Verdict {
  const no = (says: string): Verdict => ({ fits: false, feedback: target.feedback, says });
  if (source.type && target.type && source.type !== target.type) {
    return no(`“${target.label}” takes ${lower(target.type)}; this wire carries ${lower(source.type)}.`);
  }
  if (exists) return no("These two are linked already.");
  if (target.linked > 0 && !target.many) return no(`“${target.label}” takes one wire, and has one.`);
  if (circle && !target.feedback) {
    return no(`This would run in a circle within one round. Work goes back only into a port with a dashed ring.`);
  }
  const says = target.feedback ? "Goes back: remembered for the next round." : `Fits “${target.label}”.`;
  return { fits: true, feedback: target.feedback, says };
}

/** The text of a link between two ends, which is its id. */
export function linkText(a: End, b: End, feedback: boolean): string {
  const [source, target] = a.side === "out" ? [a, b] : [b, a];
  return `${source.card}.${source.port} ${feedback ? "~>" : "->"} ${target.card}.${target.port}`;
}

function linked(drawing: Drawing, a: End, b: End): boolean {
  return drawing.links.has(linkText(a, b, false)) || drawing.links.has(linkText(a, b, true));
}

function lower(type: string): string {
  return type.charAt(0).toLowerCase() + type.slice(1);
}

export function keysOf(found: Candidate[]): Map<string, Candidate> {
  return new Map(found.map((candidate) => [keyOf(candidate.end), candidate]));
}
