import { mkdirSync, readdirSync } from 'node:fs';
import { chmod, copyFile, lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fullJitter } from './backoff.ts';
import { type Log, wordsOf } from './log.ts';
import type { Ports } from './ports.ts';

const BACKOFF = { firstMs: 500, mostMs: 30_000 };
/** After so long, the job is given back; the result is tried again when the agent starts. */
const LONGEST_MS = 1_800_000;

export interface OutboxOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'results'>;
  readonly log: Log;
  /** Kept over restarts of the process. */
  readonly folder: string;
  readonly resultsPrefix: string;
  readonly giveUp: AbortSignal;
}

/** Results that are not stored yet. A job's work is not done twice because the bucket did not answer, or the process was killed. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #underWay = new Map<string, Promise<'written' | 'exists'>>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  /** Stores what an earlier process left. */
  resume(): void {
    for (const id of readdirSync(this.#options.folder)) {
      this.#options.log('info', 'storing the result that an earlier process left', { job: id });
      this.#begin(id).catch(() => undefined);
    }
  }

  /** The end of storing a job's result; undefined if there is none here. */
  pending(id: string): Promise<'written' | 'exists'> | undefined {
    return this.#underWay.get(id);
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }

  /** Takes the file, and tries until it is stored. @throws the last error, when it is to be given up */
  async store(id: string, file: string): Promise<'written' | 'exists'> {
    const other = this.#underWay.get(id);
    if (other !== undefined) return other;
    await take(file, join(this.#options.folder, id));
    return this.#begin(id);
  }

  #begin(id: string): Promise<'written' | 'exists'> {
    const stored = this.#persist(id).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, stored);
    return stored;
  }

  async #persist(id: string): Promise<'written' | 'exists'> {
    const { ports, log, folder, resultsPrefix, giveUp } = this.#options;
    const file = join(folder, id);
    const until = ports.clock.now() + LONGEST_MS;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const written = await ports.results.putOnce(`${resultsPrefix}${id}`, file);
        await rm(file, { force: true });
        return written;
      } catch (error) {
        log('warn', 'result not stored yet', { job: id, attempt: attempt + 1, why: wordsOf(error) });
        if (giveUp.aborted || ports.clock.now() >= until) throw error;
        await ports.clock.sleep(fullJitter(BACKOFF, attempt, ports.random), giveUp);
      }
    }
  }
}

/** A link is taken for what it points to, which may lie in the job's folder and go with it. What the job has closed to itself is opened. */
async function take(file: string, to: string): Promise<void> {
  if ((await lstat(file)).isSymbolicLink()) await copyFile(file, to);
  else await rename(file, to);
  await chmod(to, 0o600);
}
