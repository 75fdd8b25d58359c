/** Things by where they stand across, so that a wire looks only at those on its way. */

const WIDE = 256;

export class Strips<T> {
  private strips = new Map<number, T[]>();

  add(thing: T, left: number, right: number): void {
    for (let at = Math.floor(left / WIDE); at <= Math.floor(right / WIDE); at++) {
      const strip = this.strips.get(at);
      if (strip) strip.push(thing);
      else this.strips.set(at, [thing]);
    }
  }

  at(x: number): readonly T[] {
    return this.strips.get(Math.floor(x / WIDE)) ?? [];
  }

  /** What stands between two places, and maybe a little beside them. */
  between(left: number, right: number): Set<T> {
    const found = new Set<T>();
    for (let at = Math.floor(left / WIDE); at <= Math.floor(right / WIDE); at++) {
      for (const thing of this.strips.get(at) ?? []) found.add(thing);
    }
    return found;
  }
}
