/** What is in view, what is selected, what has the focus. */

import type { ViewportTransform, VueFlowStore } from "@vue-flow/core";
import { computed, nextTick } from "vue";
import type { ShallowRef } from "vue";

import type { Detail } from "./context";
import type { Drawing } from "./drawing";
import { EDGE, fitted, intoView, roomIn, same } from "./framing";
import { around } from "./geometry";
import { boxOf, groupNode } from "./stage";
import type { Stage } from "./stage";

/** The text of a card is 13 px high and the card some 170: at these zooms they are 7 px and 25 px. */
const TITLES_BELOW = 0.55;
const PLAIN_BELOW = 0.15;
/** A card that is gone to is shown at least at this zoom. */
const READABLE = 0.75;
const CALM = { duration: 200 };
/** A column has opened when the canvas kept its size for this many milliseconds. */
const SLIDE = 80;

export type Looking = ReturnType<typeof createLooking>;

export function createLooking(
  drawing: Drawing,
  stage: Stage,
  flow: VueFlowStore,
  root: Readonly<ShallowRef<HTMLElement | null>>,
  links: ShallowRef<ReadonlySet<string>>,
) {
  const detail = computed<Detail>(() => {
    const { zoom } = flow.viewport.value;
    return zoom < PLAIN_BELOW ? "plain" : zoom < TITLES_BELOW ? "title" : "full";
  });
  const selected = computed(() => flow.getSelectedNodes.value.map((node) => node.id));
  /** The view as it was left here: whoever pans or zooms makes it their own. */
  let ours: ViewportTransform | null = { ...flow.viewport.value };
  let panning = 0;
  let sliding = 0;
  let width = 0;

  /** Everything in view, and nothing larger than it is. */
  async function fitView(how: { duration?: number } = {}): Promise<void> {
    const [all, area] = [stage.extent(), areaOf()];
    if (!all || area.width <= 0) return;
    const view = fitted(stage.boxes.value, all, area, root.value?.querySelector(".td-map")?.getBoundingClientRect());
    if (view.zoom < flow.minZoom.value) flow.setMinZoom(view.zoom);
    ours = view;
    await pan(view, how);
  }

  async function pan(view: ViewportTransform, how: { duration?: number }): Promise<void> {
    panning++;
    await flow.setViewport(view, how);
    panning--;
  }

  /** Whether nobody has panned or zoomed since the view was left here. */
  function untouched(): boolean {
    return ours !== null && (panning > 0 || same(ours, flow.viewport.value));
  }

  /** A column beside the canvas has opened or closed: what was looked at stays in view. */
  function resized(): void {
    window.clearTimeout(sliding);
    sliding = window.setTimeout(() => stage.dragging.value || void afterSlide(), SLIDE);
  }

  async function afterSlide(): Promise<void> {
    const [before, now] = [width, areaOf().width];
    width = now;
    if (untouched() && (now > before || !selected.value.length)) await fitView(before ? CALM : {});
    else await reveal();
  }

  /** Pans as little as it takes to see what is selected. */
  async function reveal(): Promise<void> {
    const box = around(flow.getSelectedNodes.value.map(boxOf));
    const area = areaOf();
    if (!box || area.width <= 0) return;
    const [{ x, y, zoom }, { w, h }] = [flow.viewport.value, roomIn(area)];
    const right = intoView(x + box.x * zoom, box.w * zoom, EDGE.left, w);
    const down = intoView(y + box.y * zoom, box.h * zoom, EDGE.top, h);
    if (!right && !down) return;
    const view = { x: x + right, y: y + down, zoom };
    if (untouched()) ours = view;
    await pan(view, CALM);
  }

  function areaOf(): { left: number; top: number; width: number; height: number } {
    return root.value?.getBoundingClientRect() ?? new DOMRect();
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

  /** Selects what is new or was asked for, and brings it into view. */
  function show(ids: string[]): void {
    select(ids);
    void nextTick(reveal);
  }

  /** The node that has the focus of the keyboard. */
  function focused(): string | undefined {
    return document.activeElement?.closest<HTMLElement>(".vue-flow__node")?.dataset.id;
  }

  function focusNode(node: string): void {
    const find = () => root.value?.querySelector<HTMLElement>(`.vue-flow__node[data-id="${CSS.escape(node)}"]`);
    void nextTick(() => find()?.focus({ preventScroll: true }));
  }

  return { detail, selected, fitView, resized, reveal, focusCard, focusNode, select, show, focused };
}
