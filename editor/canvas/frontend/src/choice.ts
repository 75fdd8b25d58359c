/** A list to choose from by typing, arrow keys or pointer: steps to add, ports to link. */

import type { Drawing } from "./drawing";
import { FAMILIES } from "./families";
import { candidates, portAt } from "./fitting";
import type { Candidate, End } from "./fitting";
import type { Spot } from "./routes";
import { matching } from "./search";
import { say } from "./texts";
import type { Card, KindInfo, Port, Side } from "./protocol";

export interface Item {
  id: string;
  label: string;
  hint: string;
  section: string;
  family?: string | null;
  type?: string;
}

export interface Choice {
  title: string;
  placeholder: string;
  /** Where it opens, in pixels of the page. */
  at: Spot;
  items(query: string): Item[];
  pick(id: string): void;
}

export interface Wish {
  /** A new step takes what leaves here. */
  from: string | null;
  /** A new step gives what is taken here. */
  to: string | null;
  /** A new step goes between the ends of this wire. */
  into: string | null;
}

export const NO_WISH: Wish = { from: null, to: null, into: null };

/** Steps to add: what fits the wish first. */
export function stepsToAdd(drawing: Drawing, wish: Wish, at: Spot, pick: (kind: string) => void): Choice {
  const wished = Boolean(wish.from || wish.to || wish.into);
  const fits = fitting(drawing, wish);
  const items = (query: string) => {
    const found = matching(inOrder(Object.values(drawing.kinds.value)), query);
    const first = wished ? found.filter(fits) : [];
    const rest = wished ? found.filter((kind) => !fits(kind)) : found;
    return [...first.map((kind) => item(kind, say("fitsHere"))), ...rest.map((kind) => item(kind, say("everything")))];
  };
  return { title: say("emptyButton"), placeholder: say("search"), at, items, pick };
}

function item(kind: KindInfo, section: string): Item {
  return { id: kind.kind, label: kind.title, hint: kind.says, section, family: kind.family };
}

function inOrder(kinds: KindInfo[]): KindInfo[] {
  const place = (kind: KindInfo) => (FAMILIES.indexOf(kind.family ?? "") + 100) % 100;
  return kinds.sort((a, b) => place(a) - place(b) || a.title.localeCompare(b.title));
}

function fitting(drawing: Drawing, wish: Wish): (kind: KindInfo) => boolean {
  const link = wish.into ? drawing.links.get(wish.into) : undefined;
  const from = typeOf(drawing, wish.from ?? link?.source ?? null, "out");
  const to = typeOf(drawing, wish.to ?? link?.target ?? null, "in");
  return (kind) =>
    (from === null || kind.inputs.some((port) => port.type === from)) &&
    (to === null || kind.outputs.some((port) => port.type === to));
}

function typeOf(drawing: Drawing, end: string | null, side: Side): string | null {
  if (!end) return null;
  const dot = end.indexOf(".");
  return portAt(drawing, { card: end.slice(0, dot), port: end.slice(dot + 1), side })?.type ?? null;
}

/** The ports of a card, to begin a link with. */
export function portsOf(card: Card, at: Spot, pick: (end: End) => void): Choice {
  const ends = new Map<string, { end: End; port: Port }>();
  for (const port of card.outputs) ends.set(`out:${port.name}`, { end: { card: card.id, port: port.name, side: "out" }, port });
  for (const port of card.inputs) ends.set(`in:${port.name}`, { end: { card: card.id, port: port.name, side: "in" }, port });
  const items = (query: string) =>
    [...ends]
      .filter(([, { port }]) => holds(query, port.label, port.name))
      .map(([id, { end, port }]) => ({
        id,
        label: port.label,
        hint: port.help,
        section: end.side === "out" ? "What leaves" : "What arrives",
        type: port.type,
      }));
  return {
    title: `${card.title}: ${say("choosePort")}`,
    placeholder: "Type the name of a port",
    at,
    items,
    pick: (id) => pick(ends.get(id)!.end),
  };
}

/** The ports that fit an end; the last entry adds a step instead. */
export function targetsOf(
  drawing: Drawing,
  from: End,
  at: Spot,
  pick: (to: Candidate) => void,
  add: () => void,
  among?: Candidate[],
): Choice {
  const port = portAt(drawing, from);
  const fits = (among ?? candidates(drawing, from)).filter((one) => one.verdict.fits);
  const known = new Map(fits.map((one) => [`${one.end.card}.${one.end.port}`, one]));
  const items = (query: string): Item[] => [
    ...[...known]
      .filter(([id, one]) => holds(query, id, one.card.title, one.port.label))
      .map(([id, one]) => ({
        id,
        label: `${one.card.title} · ${one.port.label}`,
        hint: one.verdict.feedback ? say("next") : one.port.help,
        section: one.verdict.feedback ? "Back, for the next round" : "Onward",
        family: one.card.family,
      })),
    ...(among ? [] : [{ id: "", label: say("newStep"), hint: "", section: "" }]),
  ];
  return {
    title: `“${port?.label ?? from.port}”: ${say("chooseTarget")}`,
    placeholder: "Type the name of a step",
    at,
    items,
    pick: (id) => (id ? pick(known.get(id)!) : add()),
  };
}

function holds(query: string, ...texts: string[]): boolean {
  const asked = query.trim().toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(asked));
}
