/** Sizes that the drawing and the arithmetic share, in pixels at zoom 1. */

import type { Card, Point, Port, Side } from "./protocol";

/** Pixels of one grid unit of a layout. */
export const GRID = 24;
export const WIDE = 10 * GRID;
export const COARSE = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;
/** Height of a row of ports: a finger needs 44 px. */
export const ROW = COARSE ? 44 : 24;
export const FOOT = 8;

export interface Box {
  id: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

export function toPixels([x, y]: Point): { x: number; y: number } {
  return { x: x * GRID, y: y * GRID };
}

export function toGrid(x: number, y: number): Point {
  return [Math.round(x / GRID), Math.round(y / GRID)];
}

export function rowsOf(card: { inputs: unknown[]; outputs: unknown[] }): number {
  return Math.max(card.inputs.length, card.outputs.length);
}

/** How high a card will be, for cards that the browser has not measured yet. */
export function likelyHeight(card: Card): number {
  const letters = card.parts.reduce((sum, part) => sum + part.text.length + ("slot" in part ? 1 : 0), 0);
  const lines = Math.min(6, Math.max(1, Math.ceil(letters / 34)));
  return 4 + 52 + lines * 20 + 12 + rowsOf(card) * ROW + FOOT;
}

/** Where the middle of a port stands below the upper edge of its card. */
export function portDown(height: number, rows: number, row: number): number {
  return height - FOOT - (rows - row - 0.5) * ROW;
}

export function rowOf(ports: Port[], name: string): number {
  return ports.findIndex((port) => port.name === name);
}

/** A port by its words on a link: `risk.predictions`. Step names hold no dot. */
export function splitEnd(end: string): { card: string; port: string } {
  const dot = end.indexOf(".");
  return { card: end.slice(0, dot), port: end.slice(dot + 1) };
}

export function keyOf(end: { card: string; port: string; side: Side }): string {
  return `${end.side}:${end.card}.${end.port}`;
}

/** The smallest box around all of them; null when there is none. */
export function around(boxes: Box[]): Box | null {
  if (!boxes.length) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.w));
  const bottom = Math.max(...boxes.map((box) => box.y + box.h));
  return { id: "", x, y, w: right - x, h: bottom - y };
}
