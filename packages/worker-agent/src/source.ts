import { fullJitter } from './backoff.ts';
import type { Delivery } from './delivery.ts';
import { type Log, wordsOf } from './log.ts';
import type { Clock, JobQueue, QueueMessage } from './ports.ts';
import type { QueueConfig } from './worker-config.ts';

export interface Source {
  readonly config: QueueConfig;
  readonly queue: JobQueue;
}

export interface JobSourceOptions {
  /** By falling priority. */
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Most seconds of one long poll. @default 20 */
  readonly waitSeconds?: number;
}

const BACKOFF = { firstMs: 1000, mostMs: 60_000 };

/** Takes jobs from several queues: those of a higher priority first, queues of one priority in turn. */
export class JobSource {
  readonly #options: JobSourceOptions;
  #turn = 0;
  #failures = 0;

  constructor(options: JobSourceOptions) {
    this.#options = options;
  }

  /** The next job; undefined when the signal was aborted. */
  async take(stopped: AbortSignal): Promise<Delivery | undefined> {
    const { clock, random, log, waitSeconds = 20 } = this.#options;
    while (!stopped.aborted) {
      try {
        const sources = this.#inOrder();
        const [only] = sources;
        const found =
          only !== undefined && sources.length === 1
            ? deliveryOf(only, await only.queue.receive(waitSeconds, stopped))
            : ((await this.#look(sources, stopped)) ?? (await this.#wait(sources, waitSeconds, stopped)));
        this.#failures = 0;
        if (found !== undefined) return found;
      } catch (error) {
        this.#failures += 1;
        log('warn', 'queue', { why: wordsOf(error) });
        // 500 agents would hammer a queue that is down.
        await clock.sleep(fullJitter(BACKOFF, this.#failures, random), stopped);
      }
    }
    return undefined;
  }

  #inOrder(): Source[] {
    this.#turn += 1;
    const rank = (index: number): number => (index + this.#turn) % this.#options.sources.length;
    return this.#options.sources
      .map((source, index) => ({ source, index }))
      .sort((a, b) => b.source.config.priority - a.source.config.priority || rank(a.index) - rank(b.index))
      .map(({ source }) => source);
  }

  async #look(sources: readonly Source[], stopped: AbortSignal): Promise<Delivery | undefined> {
    for (const source of sources) {
      const found = deliveryOf(source, await source.queue.receive(0, stopped));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** All were empty: waits at all of them. The first answer counts; a job that comes with it from another queue is given back. */
  async #wait(sources: readonly Source[], seconds: number, stopped: AbortSignal): Promise<Delivery | undefined> {
    const over = new AbortController();
    const onStop = (): void => over.abort();
    stopped.addEventListener('abort', onStop, { once: true });
    let first: Delivery | undefined;
    const polls = sources.map(async (source) => {
      const found = deliveryOf(source, await source.queue.receive(seconds, over.signal));
      if (found === undefined) return;
      first ??= found;
      over.abort();
      if (first !== found) await source.queue.hide(found.message, 0);
    });
    const ends = await Promise.allSettled(polls);
    stopped.removeEventListener('abort', onStop);
    if (first !== undefined) return first;
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return undefined;
  }
}

function deliveryOf({ config }: Source, message: QueueMessage | undefined): Delivery | undefined {
  return message === undefined ? undefined : { queue: config, message };
}
