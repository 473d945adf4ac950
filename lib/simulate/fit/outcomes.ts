import { hash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { requireNoLinks } from '../../fs/trusted.ts';
import { appendLine } from '../../state/append-line.ts';
import { jsonIn } from '../../text/json.ts';
import type { FitTask, Outcome } from './task.ts';

const lineSchema = z.strictObject({
  task: z.string(),
  outcome: z.strictObject({
    ...{ p50: z.number(), p95: z.number(), p99: z.number(), instanceHours: z.number() },
    ...{ usd: z.number().optional(), lostSeconds: z.number(), undone: z.number() },
  }),
});

/** Outcomes of one setup that are nobody's any more after so long, in milliseconds. */
const KEPT_MS = 30 * 86_400_000;

/**
 * What simulations came to, of one setup and one version of the simulator, kept in `.tandem/simulate/`: a search that was stopped or killed
 * finds there what it knew, and goes on. Each is on disk as soon as it is known.
 */
export class Outcomes {
  readonly #file: string;
  readonly #known = new Map<string, Outcome>();

  /** @param key - of setup and simulator, in hexadecimal digits. @throws TandemError `link-not-followed`, and faults of the disk */
  constructor(root: string, key: string, now: number) {
    const folder = join(root, '.tandem', 'simulate');
    this.#file = join(folder, `${key.slice(0, 32)}.jsonl`);
    requireNoLinks(root, this.#file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      // Another search may clear up at the same time; what is no file, none has written.
      const stat = lstatSync(file, { throwIfNoEntry: false });
      if (file === this.#file || !name.endsWith('.jsonl') || stat?.isFile() !== true) continue;
      if (now - stat.mtimeMs > KEPT_MS) rmSync(file, { force: true });
    }
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      const parsed = lineSchema.safeParse(jsonIn(line));
      // A line that a crash cut off is worked out again.
      if (parsed.success) this.#known.set(parsed.data.task, { usd: undefined, ...parsed.data.outcome });
    }
  }

  get count(): number {
    return this.#known.size;
  }

  of(task: FitTask): Outcome | undefined {
    return this.#known.get(keyOf(task));
  }

  keep(task: FitTask, outcome: Outcome): void {
    const key = keyOf(task);
    this.#known.set(key, outcome);
    appendLine(this.#file, JSON.stringify({ task: key, outcome }));
  }
}

function keyOf(task: FitTask): string {
  return hash('sha256', JSON.stringify(task)).slice(0, 32);
}
