/** First in, first out, at the same cost whatever its length. */
export class Line<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.#head >= this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  reduce<R>(add: (sum: R, item: T) => R, start: R): R {
    let sum = start;
    for (const item of this.#items) if (item !== undefined) sum = add(sum, item);
    return sum;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
