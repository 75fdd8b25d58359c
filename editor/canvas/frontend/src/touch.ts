/** A finger that rests. */

import type { Spot } from "./routes";

const LONG = 550;
const STILL = 8;

/** Calls back when the finger stays where it is for half a second. */
export function longPress(at: Spot, then: () => void): void {
  const timer = window.setTimeout(() => {
    stop();
    then();
  }, LONG);
  const move = (next: PointerEvent) => {
    if (Math.hypot(next.clientX - at.x, next.clientY - at.y) > STILL) stop();
  };
  const stop = () => {
    window.clearTimeout(timer);
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
}
