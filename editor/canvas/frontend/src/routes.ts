/** The way of each wire: a curve onward, and a lane under the cards for what goes back. */

import type { Box } from "./geometry";

export interface Spot {
  x: number;
  y: number;
}

/** Where a port stands, and in which row of its card: the ways of neighbours keep apart by it. */
export interface PortSpot extends Spot {
  row: number;
}

export interface Route {
  path: string;
  label: Spot;
  /** How much room a label has along the wire. */
  room: number;
  /** Whether it runs back in a lane under the cards. */
  lane: boolean;
  box: Box;
}

const STUB = 20;
const CORNER = 12;
/** Below a card its status hangs, 26 px high. */
const CLEAR = 32;
const NARROW = 8;
const TRACK = 22;
const BESIDE = 6;
/** Pixels between two points at which a way is looked at. */
const STRIDE = 24;

/** Onward, when the target stands to the right; else round in a wide curve. On its way it may keep some heights. */
export function onward(start: Spot, end: Spot, stops: Spot[] = []): Route {
  const way = [start, ...stops, end];
  const path = `M${start.x},${start.y}${legs(way).map((leg) => drawn(leg)).join("")}`;
  const bow = stops.length ? 0 : bowOf(start, end);
  const xs = [...way.map((spot) => spot.x), ...(end.x < start.x + bow ? [start.x + bow, end.x - bow] : [])];
  const ys = way.map((spot) => spot.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { id: "", x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
  const label = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  return { path, label, room: end.x - start.x, lane: false, box };
}

/** Points along a way onward, near enough to each other that no card lies between two of them. */
export function sampled(way: Spot[]): Spot[] {
  return legs(way).flatMap((leg) => {
    const pieces = Math.max(8, Math.ceil((Math.abs(leg.to.x - leg.from.x) + Math.abs(leg.to.y - leg.from.y)) / STRIDE));
    return Array.from({ length: pieces - 1 }, (_, at) => pointOf(leg, (at + 1) / pieces));
  });
}

/** A piece of a way: a curve with level ends, or straight along a height that is kept. */
interface Leg {
  from: Spot;
  to: Spot;
  bow: number;
}

function legs(way: Spot[]): Leg[] {
  return way.slice(1).map((to, at) => ({ from: way[at]!, to, bow: at % 2 ? 0 : bowOf(way[at]!, to) }));
}

function bowOf(from: Spot, to: Spot): number {
  const across = to.x - from.x;
  return across >= 0 ? Math.max(Math.min(28, across), Math.min(across * 0.5, 180)) : Math.min(80 - across * 0.25, 260);
}

function drawn({ from, to, bow }: Leg): string {
  return bow ? `C${from.x + bow},${from.y} ${to.x - bow},${to.y} ${to.x},${to.y}` : `L${to.x},${to.y}`;
}

function pointOf({ from, to, bow }: Leg, t: number): Spot {
  const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
  if (!bow) return { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) };
  return { x: a * from.x + b * (from.x + bow) + c * (to.x - bow) + d * to.x, y: (a + b) * from.y + (c + d) * to.y };
}

/** Back: down, along a lane under the cards, and up again. */
export function backward(start: PortSpot, end: PortSpot, lane: number): Route {
  const [down, up] = [start.x + STUB + start.row * BESIDE, end.x - STUB - end.row * BESIDE];
  const step = Math.sign(up - down) || -1;
  const r = Math.min(CORNER, Math.abs(lane - start.y) / 2, Math.abs(lane - end.y) / 2, Math.abs(down - up) / 2);
  const path = [
    `M${start.x},${start.y}H${down - r}Q${down},${start.y} ${down},${start.y + r}`,
    `V${lane - r}Q${down},${lane} ${down + step * r},${lane}`,
    `H${up - step * r}Q${up},${lane} ${up},${lane - r}`,
    `V${end.y + r}Q${up},${end.y} ${up + r},${end.y}H${end.x}`,
  ].join("");
  const x = Math.min(down, up, end.x);
  const top = Math.min(start.y, end.y);
  const box = { id: "", x, y: top, w: Math.max(down, up) - x, h: lane - top };
  return { path, label: { x: (down + up) / 2, y: lane }, room: Math.abs(down - up), lane: true, box };
}

/** Whether a wire can simply run onward, because its target stands well to the right. */
export function runsOn(start: Spot, end: Spot): boolean {
  return end.x - start.x >= 2 * STUB;
}

export interface Trunk {
  key: string;
  left: number;
  right: number;
  below: number;
}

/** A height that a wire keeps from left to right. */
export interface Track {
  left: number;
  right: number;
  y: number;
}

/** One lane for each way back, under the cards that it passes and beside the lanes of others. */
export function lanes(trunks: Trunk[], cards: Box[], passing: Track[]): Map<string, number> {
  const found = new Map<string, number>();
  const taken: Track[] = [...passing];
  for (const trunk of [...trunks].sort((a, b) => a.right - a.left - (b.right - b.left))) {
    const passed = cards.filter((card) => card.x < trunk.right && card.x + card.w > trunk.left);
    const beside = taken.filter((lane) => lane.left < trunk.right && lane.right > trunk.left);
    const y = freeLane(trunk.below + CLEAR, passed, beside);
    taken.push({ left: trunk.left, right: trunk.right, y });
    found.set(trunk.key, y);
  }
  return found;
}

function freeLane(from: number, passed: Box[], beside: { y: number }[]): number {
  let y = from;
  for (let moved = true; moved; ) {
    moved = false;
    for (const card of passed) {
      if (y > card.y - NARROW && y < card.y + card.h + NARROW) {
        y = card.y + card.h + CLEAR;
        moved = true;
      }
    }
    for (const lane of beside) {
      if (Math.abs(y - lane.y) < TRACK) {
        y = lane.y + TRACK;
        moved = true;
      }
    }
  }
  return y;
}
