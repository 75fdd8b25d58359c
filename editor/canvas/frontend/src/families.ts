/** One colour and sign a family, one colour and shape for each thing that flows through a port. */

const SIGNS: Record<string, string> = {
  source: "M2.5 4c0-2 11-2 11 0v8c0 2-11 2-11 0zM2.5 4c0 2 11 2 11 0M2.5 8c0 2 11 2 11 0",
  prepare: "M2 3h12l-4.5 5.5v4.5l-3-1.5v-3z",
  model: "M8 1.5l1.8 4.7 4.7 1.8-4.7 1.8L8 14.5 6.2 9.8 1.5 8l4.7-1.8z",
  choose: "M1.5 8h3.5c3.5 0 3-4.5 8.5-4.5M5 8c3.5 0 3 4.5 8.5 4.5M11.5 1.5l2 2-2 2M11.5 10.5l2 2-2 2",
  people: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c0-3 2.5-4.3 5.5-4.3s5.5 1.3 5.5 4.3",
  learn: "M1 6l7-3.2 7 3.2-7 3.2zM4 7.6v3.6c1.8 1.8 6.2 1.8 8 0v-3.6",
  measure: "M2 14h12M4 11.5v-2M8 11.5v-5M12 11.5v-8.5",
  deliver: "M8 10.5v-8.5M4.8 5l3.2-3.2 3.2 3.2M2.5 9.5v4.5h11v-4.5",
  unknown: "M5.3 6a2.7 2.7 0 1 1 4 2.4c-.9.5-1.3 1-1.3 2M8 13.2v.4",
};

const TYPES = ["Records", "Predictions", "Cases", "Decisions", "Answers", "Outcomes", "Measures", "Lessons"];

/** In the order of TYPES, around (0, 0): square, circle, hexagon, triangle, diamond, pentagon, bar, cross. */
const SHAPES = [
  "M-4.5-4.5h9v9h-9z",
  "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
  "M-5.5 0l2.75-4.8h5.5l2.75 4.8l-2.75 4.8h-5.5z",
  "M-4-5.2l9 5.2l-9 5.2z",
  "M0-6l6 6l-6 6l-6-6z",
  "M0-5.6l5.4 4l-2.1 6.2h-6.6l-2.1-6.2z",
  "M-3-5.5h6v11h-6z",
  "M-1.8-5.4h3.6v3.6h3.6v3.6h-3.6v3.6h-3.6v-3.6h-3.6v-3.6h3.6z",
];

export const FAMILIES = ["source", "prepare", "model", "choose", "people", "learn", "measure", "deliver"];

export function signOf(family: string | null): string {
  return SIGNS[family ?? "unknown"] ?? SIGNS.unknown!;
}

export function colourOf(family: string | null): string {
  return `var(--td-family-${family && family in SIGNS ? family : "unknown"})`;
}

export function typeColour(type: string): string {
  return type ? `var(--td-type-${placeOf(type)})` : "var(--td-type-unknown)";
}

export function typeShape(type: string): string {
  return type ? SHAPES[placeOf(type)]! : SHAPES[1]!;
}

/** A type that is not listed gets the same place as in the pictures: CRC-32 of its name. */
function placeOf(type: string): number {
  const known = TYPES.indexOf(type);
  return known >= 0 ? known : crc32(type) % SHAPES.length;
}

function crc32(text: string): number {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
