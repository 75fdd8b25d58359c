/** What Python and the canvas tell each other: plain values, the same words on both sides. */

export type Point = [number, number];
export type Side = "in" | "out";
export type Level = "error" | "warning" | "hint";

export interface Port {
  name: string;
  type: string;
  label: string;
  many: boolean;
  optional: boolean;
  feedback: boolean;
  linked: number;
  help: string;
}

export type Part = { text: string } | { slot: string; text: string; empty: boolean };

export interface Card {
  id: string;
  kind: string;
  family: string | null;
  title: string;
  position: Point;
  known: boolean;
  parts: Part[];
  inputs: Port[];
  outputs: Port[];
  problems: { level: Level | null; count: number; says: string };
  guard: string | null;
  group: string | null;
}

export interface Link {
  id: string;
  source: string;
  target: string;
  feedback: boolean;
}

export interface Note {
  id: string;
  text: string;
  position: Point;
  size: Point;
}

export interface Group {
  id: string;
  title: string;
  cards: string[];
  folded: boolean;
}

export interface KindInfo {
  kind: string;
  family: string | null;
  title: string;
  says: string;
  words: string[];
  inputs: Port[];
  outputs: Port[];
}

export interface Snapshot {
  rev: number;
  cards: Card[];
  links: (Link | string)[];
  notes: Note[];
  groups: Group[];
  kinds: Record<string, KindInfo>;
  readOnly: boolean;
  texts: Record<string, string>;
}

export type Op =
  | { op: "card"; card: Card }
  | { op: "cardGone"; id: string }
  | { op: "link"; link: Link | string }
  | { op: "linkGone"; id: string }
  | { op: "note"; note: Note }
  | { op: "noteGone"; id: string }
  | { op: "group"; group: Group }
  | { op: "groupGone"; id: string };

export interface Refusal {
  intentId: string;
  says: string;
  fixLabel: string | null;
  fixId: string | null;
  ops: Op[];
  rev: number;
}

export type State = "idle" | "waiting" | "running" | "kept" | "done" | "asking" | "failed" | "blocked";

export interface CardStatus {
  state: State;
  text: string;
  progress: number | null;
  counts?: Record<string, number>;
}

export interface StatusBatch {
  cards: Record<string, CardStatus>;
  links: Record<string, { rows: number | null }>;
}

export interface Emits {
  (event: "ready", payload: Record<string, never>): void;
  (event: "intent", payload: Record<string, unknown>): void;
  (event: "selection", payload: { cards: string[]; links: string[]; notes: string[] }): void;
  (event: "open", payload: { card: string; setting: string | null }): void;
  (event: "peek", payload: { link: string }): void;
  (event: "fix", payload: { fixId: string }): void;
  (event: "key", payload: { action: string }): void;
  /** Cards and notes by their ids. */
  (event: "copy", payload: { cards: string[] }): void;
  (event: "pasteText", payload: { text: string; position: Point }): void;
}

/** `a.out -> b.in` or `a.out ~> b.in` as its parts; the id of a link is its text. */
export function readLink(link: Link | string): Link {
  if (typeof link !== "string") return link;
  const [source = "", target = ""] = link.split(/ [-~]> /);
  return { id: link, source, target, feedback: link.includes(" ~> ") };
}
