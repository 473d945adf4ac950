/** The agent's own figures (packages/worker-agent, `protection`): seconds of a job until its instance is protected, and of idleness until it is not. */
export const PROTECTION = { afterMs: 30_000, idleMs: 60_000 } as const;

/** An instance, and the worker on it. */
export interface Worker {
  readonly id: string;
  /** Jobs under way, with their start. */
  readonly jobs: Map<number, number>;
  /** Its process runs, and it is in service: it takes jobs when both are so. */
  isReady: boolean;
  isInService: boolean;
  isDraining: boolean;
  isProtected: boolean;
  /** A launching hook waits for it. */
  launching: string | undefined;
  /** A terminating hook waits for it. */
  terminating: string | undefined;
  /** Place among those that have a lane free; -1: none. */
  place: number;
  /** Of this boot: what was meant for an earlier one is void. */
  epoch: number;
  idleSince: number;
}

export function newWorker(id: string): Worker {
  return {
    id,
    jobs: new Map(),
    ...{ isReady: false, isInService: false, isDraining: false, isProtected: false },
    ...{ launching: undefined, terminating: undefined },
    ...{ place: -1, epoch: 0, idleSince: 0 },
  };
}

/** Workers with a lane free. Which of them is asked next is chance: SQS hands a message to whoever waits. */
export class FreeWorkers {
  readonly #all: Worker[] = [];

  get count(): number {
    return this.#all.length;
  }

  set(worker: Worker, isFree: boolean): void {
    if (isFree === worker.place >= 0) return;
    if (isFree) {
      worker.place = this.#all.length;
      this.#all.push(worker);
      return;
    }
    const last = this.#all.pop();
    if (last !== undefined && last !== worker) {
      this.#all[worker.place] = last;
      last.place = worker.place;
    }
    worker.place = -1;
  }

  /** @param chance - from 0 to less than 1 */
  pick(chance: number): Worker | undefined {
    return this.#all[Math.floor(chance * this.#all.length)];
  }
}
