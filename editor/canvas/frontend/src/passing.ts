/** The way of a wire through the gaps between the cards that lie between its ends. */

import type { Box } from "./geometry";
import { sampled } from "./routes";
import type { Spot, Track } from "./routes";
import { Strips } from "./strips";

/** How far a passing wire keeps from a card, and from another wire that passes there. */
const CLEAR = 16;
const TRACK = 10;
/** A wire nearer to a card than this seems to run behind it. */
const NEAR = 10;
/** Room that a wire needs to turn, at its ends and between two columns of cards. */
const ROOM = 24;
/** What a change of height costs, in pixels of way. */
const TURN = 60;
/** So often a way is mended when it meets further cards. */
const TRIES = 5;
const HEIGHTS = 16;

/** Wires that leave one port together share their way. */
export type Passing = Track & { source: string };

/** What a wire finds on its way. */
export interface Field {
  cards: Strips<Box>;
  passing: Strips<Passing>;
}

/** A wire that is to run onward: its ends, and the cards that they are at. */
export interface Wanted {
  id: string;
  source: string;
  start: Spot;
  end: Spot;
  own: [string, string];
}

/** Heights that are taken: from, to. */
type Range = [number, number];

interface Column {
  left: number;
  right: number;
  taken: Range[];
}

export function fieldOf(cards: Box[], passing: Passing[]): Field {
  const field: Field = { cards: new Strips(), passing: new Strips() };
  for (const card of cards) field.cards.add(card, card.x - NEAR, card.x + card.w + NEAR);
  for (const track of passing) field.passing.add(track, track.left, track.right);
  return field;
}

/** Where a wire passes: none when it may run straight on, else the two ends of each height that it keeps. */
export function passage(wire: Wanted, field: Field): Spot[] {
  const met = new Set(hits(wire, [], field));
  let [best, fewest]: [Spot[], number] = [[], met.size];
  for (let tries = 0; fewest && tries < TRIES; tries++) {
    const stops = through(wire, columns([...met], wire, field));
    const found = hits(wire, stops, field);
    if (found.length < fewest) [best, fewest] = [stops, found.length];
    const known = met.size;
    for (const card of found) met.add(card);
    if (met.size === known) break;
  }
  return best;
}

/** The cards other than its own that a wire runs over, or past too near. */
function hits({ start, end, own }: Wanted, stops: Spot[], field: Field): Box[] {
  return over([start, ...stops, end], field, NEAR).filter((card) => !own.includes(card.id));
}

/** The cards that a way runs over, or past nearer than so many pixels. */
export function over(way: Spot[], field: Field, near: number): Box[] {
  const found = new Set<Box>();
  for (const { x, y } of sampled(way)) {
    for (const card of field.cards.at(x)) {
      const across = x > card.x - near && x < card.x + card.w + near;
      if (across && y > card.y - near && y < card.y + card.h + near) found.add(card);
    }
  }
  return [...found];
}

/** Cards that stand above each other are passed at one height. */
function columns(met: Box[], wire: Wanted, field: Field): Column[] {
  const found: Omit<Column, "taken">[] = [];
  for (const card of met.sort((a, b) => a.x - b.x)) {
    const left = Math.max(card.x - CLEAR, wire.start.x + ROOM);
    const right = Math.max(left, Math.min(card.x + card.w + CLEAR, wire.end.x - ROOM));
    const last = found.at(-1);
    if (last && left < last.right + ROOM) last.right = Math.max(last.right, right);
    else found.push({ left, right });
  }
  return found.map((column) => ({ ...column, taken: takenIn(column, wire, field) }));
}

function takenIn({ left, right }: Omit<Column, "taken">, wire: Wanted, field: Field): Range[] {
  const beside = [...field.cards.between(left, right)].filter((card) => card.x < right && card.x + card.w > left);
  const passing = [...field.passing.between(left, right)].filter(
    (track) => track.left < right && track.right > left && track.source !== wire.source,
  );
  return joined([
    ...beside.filter((card) => !wire.own.includes(card.id)).map((card): Range => [card.y - CLEAR, card.y + card.h + CLEAR]),
    ...passing.map((track): Range => [track.y - TRACK, track.y + TRACK]),
  ]);
}

/** The same heights from top to bottom, those that overlap made one. */
function joined(ranges: Range[]): Range[] {
  const found: Range[] = [];
  for (const [low, high] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && low < last[1]) last[1] = Math.max(last[1], high);
    else found.push([low, high]);
  }
  return found;
}

interface Try {
  stops: Spot[];
  y: number;
  cost: number;
}

/** One free height for each column, so that the whole way turns little and seldom. */
function through({ start, end }: Wanted, found: Column[]): Spot[] {
  const own = found.map((column) => freeHeights(start, end, column));
  const often = nearest([...new Set(own.flat())], (start.y + end.y) / 2);
  let ways: Try[] = [{ stops: [], y: start.y, cost: 0 }];
  found.forEach(({ left, right, taken }, at) => {
    const free = often.filter((y) => !taken.some(([low, high]) => low < y && y < high));
    ways = [...new Set([...own[at]!, ...free])].map((y) => {
      const { stops, cost } = cheapest(ways, y);
      return { stops: [...stops, { x: left, y }, { x: right, y }], y, cost };
    });
  });
  return cheapest(ways, end.y).stops;
}

/** Heights that are tried for every column: more make a long way better by little, and cost their square. */
function nearest(heights: number[], middle: number): number[] {
  return heights.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, HEIGHTS);
}

/** The way that leads to a height with the least effort. */
function cheapest(ways: Try[], y: number): Try {
  const to = (way: Try) => way.cost + (Math.abs(way.y - y) < 1 ? 0 : TURN + Math.abs(way.y - y));
  const best = ways.reduce((a, b) => (to(b) < to(a) ? b : a));
  return { ...best, cost: to(best) };
}

/** The free heights that lie next to the straight way and to both ends, above and below. */
function freeHeights(start: Spot, end: Spot, { left, right, taken }: Column): number[] {
  const share = ((left + right) / 2 - start.x) / (end.x - start.x);
  return [start.y, end.y, start.y + share * (end.y - start.y)].flatMap((wish) => {
    return taken.find(([low, high]) => low < wish && wish < high) ?? [wish];
  });
}
