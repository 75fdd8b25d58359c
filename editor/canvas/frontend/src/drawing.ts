/** The flow as Python last told it. Values are replaced, never changed. */

import { computed, markRaw, shallowReactive, shallowRef } from "vue";

import { splitEnd } from "./geometry";
import { readLink } from "./protocol";
import type { Card, CardStatus, Group, KindInfo, Link, Note, Op, Snapshot, StatusBatch } from "./protocol";

export type Drawing = ReturnType<typeof createDrawing>;

export function createDrawing() {
  const rev = shallowRef(0);
  const loaded = shallowRef(false);
  const readOnly = shallowRef(false);
  const kinds = shallowRef<Record<string, KindInfo>>({});
  const cards = shallowReactive(new Map<string, Card>());
  const links = shallowReactive(new Map<string, Link>());
  const notes = shallowReactive(new Map<string, Note>());
  const groups = shallowReactive(new Map<string, Group>());
  const statuses = shallowReactive(new Map<string, CardStatus>());
  const rows = shallowReactive(new Map<string, number>());

  /** Which folded group hides a card. */
  const hiddenIn = computed(() => {
    const found = new Map<string, string>();
    for (const group of groups.values()) {
      if (group.folded) for (const card of group.cards) found.set(card, group.id);
    }
    return found;
  });

  function load(snapshot: Snapshot): void {
    refill(cards, snapshot.cards);
    refill(links, snapshot.links.map(readLink));
    refill(notes, snapshot.notes ?? []);
    refill(groups, snapshot.groups ?? []);
    statuses.clear();
    rows.clear();
    kinds.value = markRaw(snapshot.kinds ?? {});
    readOnly.value = snapshot.readOnly ?? false;
    rev.value = snapshot.rev;
    loaded.value = true;
  }

  function apply(ops: Op[], now: number): void {
    for (const op of ops) applyOne(op);
    rev.value = now;
  }

  function applyOne(op: Op): void {
    switch (op.op) {
      case "card": cards.set(op.card.id, markRaw(op.card)); break;
      case "cardGone": cards.delete(op.id); statuses.delete(op.id); break;
      case "link": { const link = readLink(op.link); links.set(link.id, markRaw(link)); break; }
      case "linkGone": links.delete(op.id); rows.delete(op.id); break;
      case "note": notes.set(op.note.id, markRaw(op.note)); break;
      case "noteGone": notes.delete(op.id); break;
      case "group": groups.set(op.group.id, markRaw(op.group)); break;
      case "groupGone": groups.delete(op.id); break;
    }
  }

  function setStatus(batch: StatusBatch): void {
    for (const [id, status] of Object.entries(batch.cards ?? {})) statuses.set(id, markRaw(status));
    for (const [id, link] of Object.entries(batch.links ?? {})) {
      if (link.rows === null) rows.delete(id);
      else rows.set(id, link.rows);
    }
  }

  /** Cards that lead to this one, or that this one leads to, through forward links; itself included. */
  function reach(from: string, way: "up" | "down"): Set<string> {
    const found = new Set([from]);
    const next = new Map<string, string[]>();
    for (const link of links.values()) {
      if (link.feedback) continue;
      const [source, target] = [splitEnd(link.source).card, splitEnd(link.target).card];
      const [here, there] = way === "up" ? [target, source] : [source, target];
      next.set(here, [...(next.get(here) ?? []), there]);
    }
    const queue = [from];
    for (let card = queue.pop(); card !== undefined; card = queue.pop()) {
      for (const other of next.get(card) ?? []) {
        if (!found.has(other)) queue.push(other);
        found.add(other);
      }
    }
    return found;
  }

  return {
    rev, loaded, readOnly, kinds, cards, links, notes, groups, statuses, rows, hiddenIn,
    load, apply, setStatus, reach,
  };
}

function refill<T extends { id: string }>(map: Map<string, T>, values: T[]): void {
  map.clear();
  for (const value of values) map.set(value.id, markRaw(value));
}
