/** Drawing a wire from a port: what fits lights up, and where it is let go it becomes a link. */

import type { VueFlowStore } from "@vue-flow/core";
import { computed, shallowRef } from "vue";

import type { Drawing } from "./drawing";
import { candidates, keysOf, portAt } from "./fitting";
import type { Candidate, End } from "./fitting";
import { keyOf } from "./geometry";
import type { Spot } from "./routes";
import type { Stage } from "./stage";
import type { Side } from "./protocol";

/** How near, in pixels of the screen, a wire jumps to a port that fits. */
const SNAP = 28;
const STILL = 5;
const EDGE = 40;

export interface Draft {
  from: End;
  type: string;
  /** The far end, in pixels of the flow. */
  at: Spot;
  /** The pointer, in pixels of the page. */
  pointer: Spot;
  over: Candidate | null;
}

export interface Drops {
  onLink(from: End, to: Candidate, pointer: Spot): void;
  onCard(from: End, fits: Candidate[], pointer: Spot): void;
  onCanvas(from: End, pointer: Spot): void;
  onTap(from: End, plus: boolean, pointer: Spot): void;
}

export type Wire = ReturnType<typeof createWire>;

export function createWire(drawing: Drawing, stage: Stage, flow: VueFlowStore, drops: Drops) {
  const draft = shallowRef<Draft | null>(null);
  const judged = shallowRef(new Map<string, Candidate>());
  const fits = computed(() => [...judged.value.values()].filter((one) => one.verdict.fits));
  const fitting = computed(() => new Set(fits.value.map((one) => keyOf(one.end))));
  const cards = computed(() => new Set(fits.value.map((one) => one.end.card)));
  let panning = 0;

  /** A press on a port: a wire once the pointer moves, else a tap. */
  function press(event: PointerEvent, from: End, plus: boolean): void {
    const began = { x: event.clientX, y: event.clientY };
    const type = portAt(drawing, from)?.type ?? "";
    const move = (next: PointerEvent) => {
      if (!draft.value && Math.hypot(next.clientX - began.x, next.clientY - began.y) < STILL) return;
      if (!draft.value) begin(from);
      follow(from, type, { x: next.clientX, y: next.clientY });
    };
    const up = (next: PointerEvent) => {
      const pointer = { x: next.clientX, y: next.clientY };
      const done = draft.value;
      stop();
      if (done) drop(done, pointer);
      else drops.onTap(from, plus, pointer);
    };
    const key = (next: KeyboardEvent) => next.key === "Escape" && stop();
    const stop = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", stop);
      window.removeEventListener("keydown", key);
      end();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", stop);
    window.addEventListener("keydown", key);
  }

  function begin(from: End): void {
    judged.value = keysOf(candidates(drawing, from));
    panning = requestAnimationFrame(pan);
  }

  function end(): void {
    cancelAnimationFrame(panning);
    draft.value = null;
    judged.value = new Map();
  }

  function follow(from: End, type: string, pointer: Spot): void {
    const here = flow.screenToFlowCoordinate(pointer);
    const over = under(pointer) ?? nearest(here);
    const held = over?.verdict.fits ? stage.spot(`${over.end.card}.${over.end.port}`, over.end.side) : null;
    draft.value = { from, type, at: held ?? here, pointer, over };
  }

  /** The port under the pointer, whether it fits or not. */
  function under(pointer: Spot): Candidate | null {
    const port = document.elementFromPoint(pointer.x, pointer.y)?.closest<HTMLElement>("[data-port]");
    return (port && judged.value.get(port.dataset.port ?? "")) ?? null;
  }

  function nearest(here: Spot): Candidate | null {
    let best: Candidate | null = null;
    let least = SNAP / flow.viewport.value.zoom;
    for (const one of fits.value) {
      const spot = stage.spot(`${one.end.card}.${one.end.port}`, one.end.side);
      const far = spot ? Math.hypot(spot.x - here.x, spot.y - here.y) : Infinity;
      if (far < least) [best, least] = [one, far];
    }
    return best;
  }

  function drop(done: Draft, pointer: Spot): void {
    if (done.over) return drops.onLink(done.from, done.over, pointer);
    const node = document.elementFromPoint(pointer.x, pointer.y)?.closest<HTMLElement>(".vue-flow__node");
    if (!node) return drops.onCanvas(done.from, pointer);
    const id = node.dataset.id ?? "";
    const here = [...keysOf(candidates(drawing, done.from)).values()].filter((one) => one.end.card === id);
    const fit = here.filter((one) => one.verdict.fits);
    if (fit.length === 1) drops.onLink(done.from, fit[0]!, pointer);
    else if (fit.length) drops.onCard(done.from, fit, pointer);
    else if (here[0] && id !== done.from.card) drops.onLink(done.from, here[0], pointer);
  }

  /** Moves the view along while a wire is held at its edge. */
  function pan(): void {
    const [held, area] = [draft.value, flow.vueFlowRef.value?.getBoundingClientRect()];
    if (held && area) {
      const x = push(held.pointer.x - area.left, area.width);
      const y = push(held.pointer.y - area.top, area.height);
      if (x || y) {
        flow.panBy({ x, y });
        follow(held.from, held.type, held.pointer);
      }
    }
    panning = requestAnimationFrame(pan);
  }

  return { draft, fitting, cards, press };
}

function push(at: number, room: number): number {
  if (at < EDGE) return Math.min(12, (EDGE - at) / 3);
  return at > room - EDGE ? -Math.min(12, (at - room + EDGE) / 3) : 0;
}

/** The end that an element of the page stands for. */
export function endOf(element: HTMLElement): End {
  const [side = "", rest = ""] = (element.dataset.port ?? "").split(/:(.*)/s);
  const dot = rest.indexOf(".");
  return { side: side as Side, card: rest.slice(0, dot), port: rest.slice(dot + 1) };
}
