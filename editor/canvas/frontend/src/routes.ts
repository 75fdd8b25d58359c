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

/** Onward, when the target stands to the right; else round in a wide curve. */
export function onward(start: Spot, end: Spot): Route {
  const across = end.x - start.x;
  const bow = across >= 0 ? Math.max(28, Math.min(across * 0.5, 180)) : Math.min(80 - across * 0.25, 260);
  const path = `M${start.x},${start.y}C${start.x + bow},${start.y} ${end.x - bow},${end.y} ${end.x},${end.y}`;
  const box = {
    id: "",
    x: Math.min(start.x, end.x - bow),
    y: Math.min(start.y, end.y),
    w: Math.abs(across) + bow * 2,
    h: Math.abs(end.y - start.y),
  };
  return { path, label: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }, room: across, lane: false, box };
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

/** Whether a wire that goes back can simply run onward, because its target stands well to the right. */
export function runsOn(start: Spot, end: Spot): boolean {
  return end.x - start.x >= 2 * STUB;
}

export interface Trunk {
  key: string;
  left: number;
  right: number;
  below: number;
}

/** One lane for each way back, under the cards that it passes and beside the lanes of others. */
export function lanes(trunks: Trunk[], cards: Box[]): Map<string, number> {
  const found = new Map<string, number>();
  const taken: { left: number; right: number; y: number }[] = [];
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
