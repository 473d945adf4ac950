import { draw, type RandomState } from '../../aws-model/random.ts';

/** Numbers of a seed, for workloads that are made up. */
export class Random {
  readonly #state: RandomState;

  constructor(seed: number) {
    this.#state = { seed, streams: new Map() };
  }

  /** From 0 to less than 1. */
  next(): number {
    return draw(this.#state, 'choice');
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Normal, around 0 with deviation 1. */
  normal(): number {
    const angle = 2 * Math.PI * this.next();
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(angle);
  }

  /** Log-normal: its median, and the factor within which two thirds are. */
  logNormal(median: number, factor: number): number {
    return median * factor ** this.normal();
  }

  /** How many come, of so many on average. */
  poisson(mean: number): number {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * Math.log(this.logNormal(1, Math.E))));
    const limit = Math.exp(-mean);
    let [count, product] = [0, this.next()];
    while (product > limit) {
      count += 1;
      product *= this.next();
    }
    return count;
  }
}
