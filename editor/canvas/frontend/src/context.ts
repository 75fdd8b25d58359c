/** What every part of the canvas may use. */

import type { InjectionKey, Ref } from "vue";
import { inject } from "vue";

import type { Drawing } from "./drawing";
import type { Stage } from "./stage";
import type { Wire } from "./wire";

/** How much of a card is drawn: all, its title in large letters, or a plain box. */
export type Detail = "full" | "title" | "plain";

export interface Canvas {
  drawing: Drawing;
  stage: Stage;
  wire: Wire;
  detail: Ref<Detail>;
  intent(type: string, body: Record<string, unknown>): void;
  open(card: string, setting: string | null): void;
  fold(group: string, folded: boolean): void;
}

export const CANVAS: InjectionKey<Canvas> = Symbol("canvas");

export function useCanvas(): Canvas {
  const canvas = inject(CANVAS);
  if (!canvas) throw new Error("This part stands outside of a canvas.");
  return canvas;
}
