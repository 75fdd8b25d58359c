/** What is in view, what is selected, what has the focus. */

import type { VueFlowStore } from "@vue-flow/core";
import { computed, nextTick } from "vue";
import type { ShallowRef } from "vue";

import type { Detail } from "./context";
import type { Drawing } from "./drawing";
import { around } from "./geometry";
import { boxOf, groupNode } from "./stage";

/** Cards are some 170 px high: at these zooms their text is no longer read, and they are 25 px high. */
const TITLES_BELOW = 0.45;
const PLAIN_BELOW = 0.15;
/** A small flow is shown at least at this zoom, even if not all of it is in view. */
const READABLE = 0.75;
const SMALL = 60;

export type Looking = ReturnType<typeof createLooking>;

export function createLooking(
  drawing: Drawing,
  flow: VueFlowStore,
  root: Readonly<ShallowRef<HTMLElement | null>>,
  links: ShallowRef<ReadonlySet<string>>,
) {
  const detail = computed<Detail>(() => {
    const { zoom } = flow.viewport.value;
    return zoom < PLAIN_BELOW ? "plain" : zoom < TITLES_BELOW ? "title" : "full";
  });
  const selected = computed(() => flow.getSelectedNodes.value.map((node) => node.id));

  /** Everything in view; a small flow stays readable and begins at its left instead. */
  async function fitView(): Promise<void> {
    await flow.fitView({ padding: 0.12, maxZoom: 1, minZoom: 0.05 });
    const all = around(flow.nodes.value.map(boxOf));
    if (!all || flow.viewport.value.zoom >= READABLE || drawing.cards.size > SMALL) return;
    const y = Math.max(64, (flow.dimensions.value.height - all.h * READABLE) / 2);
    await flow.setViewport({ x: 32 - all.x * READABLE, y: y - all.y * READABLE, zoom: READABLE });
  }

  async function focusCard(card: string): Promise<void> {
    const group = drawing.hiddenIn.value.get(card);
    const node = flow.findNode(group ? groupNode(group) : card);
    if (!node) return;
    select([node.id]);
    focusNode(node.id);
    const { x, y, w, h } = boxOf(node);
    const zoom = Math.max(READABLE, flow.viewport.value.zoom);
    await flow.setCenter(x + w / 2, y + h / 2, { zoom, duration: 200 });
    // Drawn anew while it was not in view; whoever went on meanwhile keeps the place where they are.
    if (document.activeElement === document.body) focusNode(node.id);
  }

  /** Selects nodes and links by their ids, and nothing else. */
  function select(ids: string[]): void {
    const wanted = new Set(ids);
    links.value = new Set(ids.filter((one) => drawing.links.has(one)));
    flow.removeSelectedNodes(flow.getSelectedNodes.value);
    flow.addSelectedNodes(flow.nodes.value.filter((node) => wanted.has(node.id) || wanted.has(node.id.replace(/^note:/, ""))));
  }

  /** The node that has the focus of the keyboard. */
  function focused(): string | undefined {
    return document.activeElement?.closest<HTMLElement>(".vue-flow__node")?.dataset.id;
  }

  function focusNode(node: string): void {
    const find = () => root.value?.querySelector<HTMLElement>(`.vue-flow__node[data-id="${CSS.escape(node)}"]`);
    void nextTick(() => find()?.focus({ preventScroll: true }));
  }

  return { detail, selected, fitView, focusCard, select, focused };
}
