/** A step dragged in from a palette outside of the canvas; over a wire it goes between its ends. */

import type { VueFlowStore } from "@vue-flow/core";
import { shallowRef } from "vue";

import { NO_WISH } from "./choice";
import type { Drawing } from "./drawing";
import { GRID, WIDE, toGrid } from "./geometry";

/** What a palette says that it drags: `event.dataTransfer.setData(KIND_TYPE, "predict-label")`. */
const KIND_TYPE = "application/x-tandem-kind";

type Tell = (type: string, body: Record<string, unknown>) => void;

export function createDropping(drawing: Drawing, flow: VueFlowStore, tell: Tell) {
  const over = shallowRef<string | null>(null);

  function onDragOver(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes(KIND_TYPE) || drawing.readOnly.value) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    over.value = (event.target as Element).closest<SVGElement>("[data-link]")?.dataset.link ?? null;
  }

  function onDrop(event: DragEvent): void {
    const kind = event.dataTransfer?.getData(KIND_TYPE);
    if (!kind || drawing.readOnly.value) return;
    event.preventDefault();
    const into = over.value;
    over.value = null;
    const { x, y } = flow.screenToFlowCoordinate({ x: event.clientX, y: event.clientY });
    tell("add", { kind, position: toGrid(x - WIDE / 2, y - 2 * GRID), ...NO_WISH, into });
  }

  function onDragLeave(): void {
    over.value = null;
  }

  return { over, onDragOver, onDrop, onDragLeave };
}
