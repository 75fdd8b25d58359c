/** The card that stands next in a direction, for going through a flow by keys. */

import type { Box } from "./geometry";

export function neighbour(boxes: Box[], from: Box | null, [x, y]: [number, number]): Box | null {
  if (!from) return [...boxes].sort((a, b) => a.x - b.x || a.y - b.y)[0] ?? null;
  let best: Box | null = null;
  let least = Infinity;
  for (const box of boxes) {
    const [across, down] = [middle(box).x - middle(from).x, middle(box).y - middle(from).y];
    const ahead = across * x + down * y;
    const aside = Math.abs(across * y) + Math.abs(down * x);
    if (box.id === from.id || ahead <= 0) continue;
    const far = ahead + 2 * aside;
    if (far < least) [best, least] = [box, far];
  }
  return best;
}

function middle(box: Box) {
  return { x: box.x + box.w / 2, y: box.y + box.h / 2 };
}
