/** The way of each wire, found when a gesture has ended, and only for the wires that it touched. */

import { around } from "./geometry";
import type { Box } from "./geometry";
import { fieldOf, over, passage } from "./passing";
import type { Field, Passing, Wanted } from "./passing";
import { onward, runsOn } from "./routes";
import type { Spot } from "./routes";

export interface Way {
  source: string;
  start: Spot;
  end: Spot;
  /** Where it passes between cards: none when it runs straight on. */
  stops: Spot[];
  /** Whether it runs round under the cards, since its target stands before its source. */
  under: boolean;
  /** What lies within concerns it. */
  box: Box;
}

export type Ways = ReadonlyMap<string, Way>;

/** Finds the ways of wires, one at each step: those of `old` that no moved card concerns stay as they are. */
export function* finding(wanted: Wanted[], cards: Box[], old: Ways, moved: Box[]): Generator<Ways, Ways> {
  const found = new Map<string, Way>();
  for (const wire of wanted) {
    const way = old.get(wire.id);
    if (way && still(way, wire) && !moved.some((box) => meet(box, way.box))) found.set(wire.id, way);
  }
  const field = fieldOf(cards, [...found.values()].flatMap(passingOf));
  for (const wire of wanted) {
    if (found.has(wire.id)) continue;
    const way = wayOf(wire, field);
    found.set(wire.id, way);
    for (const track of passingOf(way)) field.passing.add(track, track.left, track.right);
    yield found;
  }
  return found;
}

export function still(way: Way, { start, end }: { start: Spot; end: Spot }): boolean {
  return way.start.x === start.x && way.start.y === start.y && way.end.x === end.x && way.end.y === end.y;
}

/** What differs between two pictures of where everything stands: both places of what moved. */
export function movedBetween(before: Box[], after: Box[]): Box[] {
  const old = new Map(before.map((box) => [box.id, box]));
  const moved: Box[] = [];
  for (const box of after) {
    const was = old.get(box.id);
    old.delete(box.id);
    if (was && was.x === box.x && was.y === box.y && was.w === box.w && was.h === box.h) continue;
    moved.push(box, ...(was ? [was] : []));
  }
  return [...moved, ...old.values()];
}

function wayOf(wire: Wanted, field: Field): Way {
  const { source, start, end } = wire;
  const straight = onward(start, end).box;
  const way = { source, start, end, stops: [], under: false, box: straight };
  if (!runsOn(start, end)) return { ...way, under: over([start, end], field, 0).length > 0 };
  const stops = passage(wire, field);
  return { ...way, stops, box: around([straight, ...stops.map((spot) => ({ id: "", ...spot, w: 0, h: 0 }))])! };
}

/** The heights at which a wire passes cards. */
export function passingOf(way: Way): Passing[] {
  return way.stops.flatMap((spot, at) => (at % 2 ? [] : [{ source: way.source, left: spot.x, right: way.stops[at + 1]!.x, y: spot.y }]));
}

function meet(a: Box, b: Box): boolean {
  return a.x <= b.x + b.w && a.x + a.w >= b.x && a.y <= b.y + b.h && a.y + a.h >= b.y;
}
