import { persist } from './backoff.ts';
import { type Log, wordsOf } from './log.ts';
import type { Heartbeat, Ports } from './ports.ts';

export interface HeartbeatOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'table'>;
  readonly log: Log;
  readonly everySeconds: number;
  readonly look: () => Omit<Heartbeat, 'at'>;
}

const BACKOFF = { firstMs: 500, mostMs: 10_000 };

/** Says that the instance lives. Changes of work wait for the next beat: 500 agents with short jobs would write a thousand times a second. */
export class HeartbeatWriter {
  readonly #options: HeartbeatOptions;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async beat(): Promise<void> {
    const { ports, look } = this.#options;
    await ports.table.put({ ...look(), at: new Date(ports.clock.now()).toISOString() });
  }

  /** A change of phase is told at once, but nothing waits for it to succeed: the next beat tells it too. */
  async tell(): Promise<void> {
    await this.beat().catch((error: unknown) => this.#options.log('warn', 'heartbeat failed', { why: wordsOf(error) }));
  }

  /** Beats once at all costs. */
  async first(signal: AbortSignal): Promise<void> {
    await persist(() => this.beat(), {
      ...{ clock: this.#options.ports.clock, random: this.#options.ports.random, backoff: BACKOFF, signal },
      onFailure: (error) => this.#options.log('warn', 'first heartbeat failed', { why: wordsOf(error) }),
    });
  }

  /** Beats until the signal is aborted. A beat that fails is repeated within its period: three lost ones make a lost instance. */
  async run(signal: AbortSignal): Promise<void> {
    const { ports, everySeconds, log } = this.#options;
    const period = everySeconds * 1000;
    // Instances launched together would otherwise keep writing at the same moments.
    await ports.clock.sleep(ports.random() * period, signal);
    while (!signal.aborted) {
      const started = ports.clock.now();
      await persist(() => this.beat(), {
        ...{ clock: ports.clock, random: ports.random, signal },
        backoff: { firstMs: 500, mostMs: period / 3 },
        onFailure: (error) => log('warn', 'heartbeat failed', { why: wordsOf(error) }),
      });
      await ports.clock.sleep(Math.max(0, started + period - ports.clock.now()), signal);
    }
  }
}
