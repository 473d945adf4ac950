import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openPool, type Pool } from '../search/pool.ts';
import type { Point } from '../search/space.ts';
import type { Tried } from './fit.ts';
import type { Outcomes } from './outcomes.ts';
import type { FitSetup, FitTask, Outcome } from './task.ts';

export interface WorkbenchOptions {
  readonly setup: FitSetup;
  /** What is known already, and where what becomes known is kept. */
  readonly outcomes: Outcomes;
  readonly taskOf: (point: Point) => Promise<FitTask>;
  /** @default - the machine's cores */
  readonly threads?: number | undefined;
  /** Asks to stop: what is under way is given up. */
  readonly signal: AbortSignal;
  /** Called after each, with how many were worked out or known. */
  readonly onTried?: (tried: number) => void;
}

/** Works outcomes out on threads, unless they are known. */
export class Workbench {
  /** All that was asked for but for checks, as it became known. */
  readonly tried: Tried[] = [];
  /** How many of them an earlier run had worked out. */
  known = 0;
  readonly #options: WorkbenchOptions;
  readonly #pool: Pool<FitTask, Outcome>;
  readonly #stopped = Promise.withResolvers<never>();
  readonly #seen = new Set<string>();

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    const { setup, threads, signal } = options;
    const file = join(import.meta.dirname, `task${extname(import.meta.filename)}`);
    this.#pool = openPool({ module: pathToFileURL(file).href, setup, threads });
    this.#stopped.promise.catch(() => undefined);
    const stop = (): void => this.#stopped.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  }

  /** Outcomes in the order of the points. @throws the signal's reason */
  async work(points: readonly Point[], { isCheck = false } = {}): Promise<Outcome[]> {
    const { outcomes, taskOf } = this.#options;
    const tasks: FitTask[] = [];
    for (const point of points) tasks.push({ ...(await taskOf(point)), ...(isCheck ? { isCheck } : {}) });
    const note = (index: number, outcome: Outcome): void => {
      const point = points[index];
      if (!isCheck && point !== undefined) this.#note(point, outcome);
    };
    // Different settings may give the same template.
    const missing = new Map<string, number[]>();
    for (const [index, task] of tasks.entries()) {
      const known = outcomes.of(task);
      if (known !== undefined) {
        this.known += this.#seen.has(JSON.stringify(points[index])) ? 0 : 1;
        note(index, known);
        continue;
      }
      const text = JSON.stringify(task);
      missing.set(text, [...(missing.get(text) ?? []), index]);
    }
    const groups = [...missing.values()];
    const run = this.#pool.run(
      groups.flatMap(([index = 0]) => tasks[index] ?? []),
      (at, outcome) => {
        const [first = 0] = groups[at] ?? [];
        const task = tasks[first];
        if (task !== undefined) outcomes.keep(task, outcome);
        for (const index of groups[at] ?? []) note(index, outcome);
      },
    );
    run.catch(() => undefined);
    await Promise.race([run, this.#stopped.promise]);
    return tasks.flatMap((task) => outcomes.of(task) ?? []);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #note(point: Point, outcome: Outcome): void {
    const key = JSON.stringify(point);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.tried.push({ point, outcome });
    this.#options.onTried?.(this.tried.length);
  }
}
