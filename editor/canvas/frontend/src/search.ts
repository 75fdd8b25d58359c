/** Finding a step in everyday words, forgiving a slip of the keyboard. */

import type { KindInfo } from "./protocol";

/** Kinds that match every word of a query, best first; all of them for an empty query. */
export function matching(kinds: KindInfo[], query: string): KindInfo[] {
  const asked = words(query);
  if (!asked.length) return kinds;
  return kinds
    .map((kind) => ({ kind, score: scoreOf(kind, asked) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((found) => found.kind);
}

function scoreOf(kind: KindInfo, asked: string[]): number {
  const weighed: [string[], number][] = [
    [words(kind.title), 6],
    [kind.words.flatMap(words), 4],
    [words(kind.kind.replaceAll("-", " ")), 3],
    [words(kind.says), 1],
  ];
  let total = 0;
  for (const word of asked) {
    const best = Math.max(...weighed.map(([all, weight]) => weight * Math.max(0, ...all.map((one) => near(word, one)))));
    if (best <= 0) return 0;
    total += best;
  }
  return total;
}

function near(asked: string, word: string): number {
  if (word === asked) return 3;
  if (word.startsWith(asked)) return 2;
  if (asked.length > 2 && word.includes(asked)) return 1;
  const long = asked.length;
  return long > 3 && [long - 1, long, long + 1].some((end) => slip(asked, word.slice(0, end))) ? 0.5 : 0;
}

/** Whether two words differ by one letter too many, too few, wrong, or swapped with its neighbour. */
function slip(a: string, b: string): boolean {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [x, y] = [a.slice(at), b.slice(at)];
  const swapped = x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2);
  return swapped || x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1);
}

function words(text: string): string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
