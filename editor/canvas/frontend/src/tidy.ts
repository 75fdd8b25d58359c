/** Putting selected cards in line, and spacing them evenly. */

import type { Box } from "./geometry";
import { toGrid } from "./geometry";
import type { Point } from "./protocol";

export type Tidying = "left" | "top" | "across" | "down";

export function tidied(boxes: Box[], how: Tidying): Map<string, Point> {
  if (how === "left") return moved(boxes, (box) => [Math.min(...boxes.map((one) => one.x)), box.y]);
  if (how === "top") return moved(boxes, (box) => [box.x, Math.min(...boxes.map((one) => one.y))]);
  return how === "across" ? spread(boxes, "x", "w") : spread(boxes, "y", "h");
}

function moved(boxes: Box[], to: (box: Box) => Point): Map<string, Point> {
  return new Map(boxes.map((box) => [box.id, toGrid(...to(box))]));
}

/** First and last stay, or move apart where they would overlap; the gaps between become equal. */
function spread(boxes: Box[], at: "x" | "y", size: "w" | "h"): Map<string, Point> {
  const sorted = [...boxes].sort((a, b) => a[at] - b[at]);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const filled = sorted.reduce((sum, box) => sum + box[size], 0);
  const gap = Math.max(24, (last[at] + last[size] - first[at] - filled) / Math.max(1, sorted.length - 1));
  let next = first[at];
  return new Map(
    sorted.map((box) => {
      const place: Point = at === "x" ? toGrid(next, box.y) : toGrid(box.x, next);
      next += box[size] + gap;
      return [box.id, place];
    }),
  );
}
