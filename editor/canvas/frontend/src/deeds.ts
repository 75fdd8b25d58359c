/** What a person does to the selection: remove, duplicate, copy, align, group, untangle, link. */

import type { VueFlowStore } from "@vue-flow/core";
import type { ShallowRef } from "vue";

import type { Drawing } from "./drawing";
import { splitEnd } from "./geometry";
import type { Box } from "./geometry";
import { boxOf } from "./stage";
import type { Stage } from "./stage";
import { tidied } from "./tidy";
import type { Tidying } from "./tidy";

type Tell = (type: string, body: Record<string, unknown>) => void;

export type Deeds = ReturnType<typeof createDeeds>;

export function createDeeds(
  drawing: Drawing,
  stage: Stage,
  flow: VueFlowStore,
  links: ShallowRef<ReadonlySet<string>>,
  tell: Tell,
) {
  const picked = (type: string) => flow.getSelectedNodes.value.filter((node) => node.type === type);
  const notes = () => picked("note").map((node) => node.id.slice("note:".length));

  /** Selected cards; a folded group stands for all of its cards. */
  function cards(): string[] {
    const inside = picked("folded").flatMap((node) => drawing.groups.get(node.id.slice("group:".length))?.cards ?? []);
    return [...picked("card").map((node) => node.id), ...inside];
  }

  function remove(): void {
    const [gone, written] = [cards(), notes()];
    if (links.value.size) tell("disconnect", { links: [...links.value] });
    if (gone.length || written.length) tell("remove", { cards: gone, notes: written, heal: true });
    links.value = new Set();
    flow.vueFlowRef.value?.parentElement?.focus();
  }

  function duplicate(): void {
    const [doubled, written] = [cards(), notes()];
    if (doubled.length || written.length) tell("duplicate", { cards: doubled, notes: written });
  }

  function group(): void {
    if (cards().length) tell("group", { cards: cards(), title: "New group" });
  }

  function tidy(how: Tidying): void {
    const places = tidied([...picked("card"), ...picked("note")].map(boxOf), how);
    const positions = [...places].map(([id, at]) => [id.replace(/^note:/, ""), at]);
    tell("move", { positions: Object.fromEntries(positions) });
  }

  /** Lays out the selected cards, or all when fewer than two are selected. */
  async function untangle(onlySelected: boolean): Promise<void> {
    const { untangled } = await import("./untangle");
    const some = onlySelected && picked("card").length > 1;
    const nodes = some ? picked("card") : flow.nodes.value.filter((node) => node.type === "card");
    const boxes: Box[] = nodes.map(boxOf);
    const known = new Set(boxes.map((box) => box.id));
    const pairs = [...drawing.links.values()]
      .filter((link) => !link.feedback)
      .map((link): [string, string] => [splitEnd(link.source).card, splitEnd(link.target).card])
      .filter(([from, to]) => known.has(from) && known.has(to));
    if (boxes.length) tell("untangle", { cards: some ? boxes.map((box) => box.id) : null, positions: untangled(boxes, pairs) });
    stage.settle();
  }

  return { cards, notes, remove, duplicate, group, tidy, untangle };
}
