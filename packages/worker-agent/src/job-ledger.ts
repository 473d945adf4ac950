import type { Delivery } from './delivery.ts';
import { type Log, wordsOf } from './log.ts';
import type { JobStart, JobStates } from './ports.ts';
import { redact } from './redact.ts';

/** The end of a job's standard error may be long, and an item has a limit. */
const MOST_REASON = 2500;

/**
 * Notes what becomes of jobs where people and other agents see it. The queue and the result stay the truth: a note that can't be
 * written holds nothing up.
 */
export class JobLedger {
  readonly #states: JobStates;
  readonly #log: Log;
  readonly #instanceId: string;
  /** Of jobs in hand. */
  readonly #failedOn = new Map<string, readonly string[]>();

  constructor(states: JobStates, log: Log, instanceId: string) {
    this.#states = states;
    this.#log = log;
    this.#instanceId = instanceId;
  }

  async begin(id: string, delivery: Delivery): Promise<'go' | 'cancelled'> {
    const answer = await this.#note(() => this.#states.begin(this.#start(id, delivery)));
    this.#failedOn.set(id, answer?.failedOn ?? []);
    return answer?.cancelled === true ? 'cancelled' : 'go';
  }

  /** The machines on which it failed before. */
  failedOn(id: string): readonly string[] {
    return this.#failedOn.get(id) ?? [];
  }

  async done(id: string, delivery: Delivery): Promise<void> {
    this.#failedOn.delete(id);
    await this.#note(() => this.#states.end({ ...this.#start(id, delivery), state: 'done' }));
  }

  async givenBack(id: string, delivery: Delivery): Promise<void> {
    this.#failedOn.delete(id);
    await this.#note(() => this.#states.end({ ...this.#start(id, delivery), state: 'queued' }));
  }

  /** It was cancelled while it ran, and has been ended. */
  async cancelled(id: string, delivery: Delivery, ran: number): Promise<void> {
    this.#failedOn.delete(id);
    const reason = `cancelled after it had run for ${Math.round(ran / 1000)} s`;
    await this.#note(() => this.#states.end({ ...this.#start(id, delivery), state: 'cancelled', reason }));
  }

  /** @param forGood whether it goes to the dead-letter queue */
  async failed(id: string, delivery: Delivery, reason: string, forGood: boolean): Promise<void> {
    this.#failedOn.delete(id);
    await this.#note(() =>
      this.#states.end({
        ...this.#start(id, delivery),
        ...{ state: forGood ? 'failed' : 'queued', reason: redact(reason).slice(0, MOST_REASON), failedHere: true },
      }),
    );
  }

  #start(id: string, { queue, message }: Delivery): JobStart {
    const { receives, sentAt } = message;
    return { id, queue: queue.name, instanceId: this.#instanceId, receives, sentAt };
  }

  async #note<T>(write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      this.#log('warn', 'state of the job not noted', { why: wordsOf(error) });
      return undefined;
    }
  }
}
