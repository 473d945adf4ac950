interface Entry<T> {
  readonly at: number;
  readonly item: T;
}

/** Things by the time at which they are due, the next one first. */
export class TimeHeap<T> {
  readonly #entries: Entry<T>[] = [];

  push(at: number, item: T): void {
    const entries = this.#entries;
    entries.push({ at, item });
    let index = entries.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= at) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  nextTime(): number | undefined {
    return this.#entries[0]?.at;
  }

  /** The first that is due by now, if any. */
  popDue(now: number): Entry<T> | undefined {
    const [first] = this.#entries;
    if (first === undefined || first.at > now) return undefined;
    const last = this.#entries.pop();
    if (last !== undefined && this.#entries.length > 0) {
      this.#entries[0] = last;
      this.#sink();
    }
    return first;
  }

  reduce<R>(add: (sum: R, item: T) => R, start: R): R {
    return this.#entries.reduce((sum, { item }) => add(sum, item), start);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const smaller = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(smaller) >= this.#at(index)) return;
      this.#swap(index, smaller);
      index = smaller;
    }
  }

  #at(index: number): number {
    return this.#entries[index]?.at ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#entries[a], this.#entries[b]];
    if (left === undefined || right === undefined) return;
    this.#entries[a] = right;
    this.#entries[b] = left;
  }
}
