/** Which view shows a flow or a card, in pixels of the canvas. */

import type { ViewportTransform } from "@vue-flow/core";

import type { Box } from "./geometry";

interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Room at the edges that the bars and the tools of a card need. */
export const EDGE = { left: 32, right: 32, top: 56, bottom: 76 };
/** Pixels by which the end of an animation may miss its view. */
const NEAR = 1;

/** What the bars leave free. */
export function roomIn({ width, height }: { width: number; height: number }, edge = EDGE): { w: number; h: number } {
  return { w: width - edge.left - edge.right, h: height - edge.top - edge.bottom };
}

/** The view of everything, no larger than it is, with no card behind the small map. */
export function fitted(cards: Box[], all: Box, area: Area, map: DOMRect | undefined): ViewportTransform {
  const view = viewOf(all, area, EDGE);
  if (!map || !cards.some((card) => covers(map, area, card, view))) return view;
  const beside = viewOf(all, area, { ...EDGE, right: area.left + area.width - map.left + 16 });
  const above = viewOf(all, area, { ...EDGE, bottom: area.top + area.height - map.top + 16 });
  return above.zoom >= beside.zoom ? above : beside;
}

/** How far a stretch must be moved to lie within the room; its beginning counts where it is longer. */
export function intoView(at: number, long: number, from: number, room: number): number {
  if (at < from || long > room) return from - at;
  return Math.min(0, from + room - at - long);
}

export function same(a: ViewportTransform, b: ViewportTransform): boolean {
  return Math.abs(a.x - b.x) < NEAR && Math.abs(a.y - b.y) < NEAR && Math.abs(a.zoom / b.zoom - 1) < 0.001;
}

function viewOf(all: Box, area: Area, edge: typeof EDGE): ViewportTransform {
  const { w, h } = roomIn(area, edge);
  const zoom = Math.min(1, Math.max(w, 1) / all.w, Math.max(h, 1) / all.h);
  const x = edge.left + (w - all.w * zoom) / 2 - all.x * zoom;
  const y = edge.top + (h - all.h * zoom) / 2 - all.y * zoom;
  return { x, y, zoom };
}

function covers(map: DOMRect, area: Area, { x, y, w, h }: Box, view: ViewportTransform): boolean {
  const [left, top] = [area.left + view.x + x * view.zoom, area.top + view.y + y * view.zoom];
  return left < map.right && left + w * view.zoom > map.left && top < map.bottom && top + h * view.zoom > map.top;
}
