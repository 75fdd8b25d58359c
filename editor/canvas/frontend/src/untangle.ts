/** Layers from left to right. Loaded when it is first asked for: the layout library is large. */

import { Graph, layout } from "@dagrejs/dagre";

import type { Box } from "./geometry";
import { around, toGrid } from "./geometry";
import type { Point } from "./protocol";

/** New places for some cards, their upper left corner staying where it was. */
export function untangled(boxes: Box[], links: [string, string][]): Record<string, Point> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 60, ranksep: 84, ranker: "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { width: box.w, height: box.h });
  for (const [from, to] of links) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  const placed = boxes.map((box) => {
    const { x, y } = graph.node(box.id) as { x: number; y: number };
    return { ...box, x: x - box.w / 2, y: y - box.h / 2 };
  });
  const [before, after] = [around(boxes), around(placed)];
  if (!before || !after) return {};
  return Object.fromEntries(placed.map((box) => [box.id, toGrid(box.x - after.x + before.x, box.y - after.y + before.y)]));
}
