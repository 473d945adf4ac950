import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fullJitter } from './backoff.ts';
import { type Job, parseJob } from './job.ts';
import { exists, tail, whyNot } from './last-words.ts';
import { type Log, wordsOf } from './log.ts';
import { Lookahead } from './lookahead.ts';
import type { Orders } from './orders.ts';
import type { Delivery, Ports, ProcessEnd, Settlement } from './ports.ts';
import { Turns } from './turns.ts';

/** So long a job that was fetched early waits for its turn, before somebody idle may have it. */
const EARLY_MS = 2000;
const BACK_AT_ONCE = { done: false, retrySeconds: 0 } as const;

export interface WorkerOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'results' | 'processes'>;
  readonly orders: Orders;
  readonly log: Log;
  /** Where jobs have their folders. */
  readonly folder: string;
  /** Gives the job under way back to the queue. */
  readonly giveUp: AbortSignal;
  /** Gives back the job that was fetched and is not under way. */
  readonly draining: AbortSignal;
}

interface Taken {
  readonly id: string;
  since: number;
}

interface Files {
  readonly job: string;
  readonly output: string;
  readonly errors: string;
  readonly result: string;
}

/** Runs one command at a time, and decides what becomes of each job. The next job is fetched while this one's result is written. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #turns: Turns;
  readonly #lookahead = new Lookahead();
  /** The job under way, and the one after it. */
  #taken: readonly Taken[] = [];
  #idleSince: number;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#turns = new Turns(options.ports.clock, options.draining);
    this.#idleSince = options.ports.clock.now();
  }

  /** The job under way, and since when. */
  get current(): { readonly id: string; readonly since: number } | undefined {
    return this.#taken[0];
  }

  /** Since when there has been no job. */
  get idleSince(): number {
    return this.#idleSince;
  }

  /** Never rejects: a job that can't be done, for whatever reason, comes back later, until the queue has enough of it. */
  readonly handle = async (delivery: Delivery, next: () => void): Promise<Settlement> => {
    const { log, giveUp, ports } = this.#options;
    const job = parseJob(delivery.body, delivery.messageId);
    if (job === undefined) {
      log('error', 'this is no job', { messageId: delivery.messageId, receives: delivery.receives });
      return this.#later(delivery);
    }
    const taken: Taken = { id: job.id, since: ports.clock.now() };
    this.#taken = [...this.#taken, taken];
    try {
      return giveUp.aborted ? BACK_AT_ONCE : await this.#work(job, delivery, taken, next);
    } catch (error) {
      log('error', 'job failed', { job: job.id, receives: delivery.receives, why: wordsOf(error) });
      return this.#later(delivery);
    } finally {
      this.#taken = this.#taken.filter((each) => each !== taken);
      this.#idleSince = ports.clock.now();
    }
  };

  async #work(job: Job, delivery: Delivery, taken: Taken, next: () => void): Promise<Settlement> {
    const { log, ports, orders } = this.#options;
    const key = `${orders.resultsPrefix}${job.id}`;
    if (await ports.results.has(key)) {
      log('info', 'result is there already', { job: job.id });
      return { done: true };
    }
    const folder = await mkdtemp(join(this.#options.folder, 'tandem-job-'));
    const at = (name: string): string => join(folder, name);
    const files: Files = { job: at('job.json'), output: at('output'), errors: at('errors'), result: at('result') };
    try {
      await writeFile(files.job, job.text);
      // One that came back from others already is not sent round again: deliveries are counted, and too many bury it.
      if (!(await this.#turns.begin(delivery.receives > 1 ? undefined : EARLY_MS))) {
        log('debug', 'fetched too early', { job: job.id });
        return { ...BACK_AT_ONCE, notBefore: this.#turns.free };
      }
      taken.since = ports.clock.now();
      const end = await this.#run(job, files, folder, next);
      const fields = { job: job.id, receives: delivery.receives, milliseconds: ports.clock.now() - taken.since };
      if (end.kind === 'stopped') {
        log('warn', 'job given back', fields);
        return BACK_AT_ONCE;
      }
      if (end.kind !== 'exit' || end.code !== 0) {
        log('error', 'job failed', { ...fields, why: whyNot(end), lastWords: await tail(files.errors) });
        return this.#later(delivery);
      }
      this.#lookahead.observe(fields.milliseconds);
      const result = (await exists(files.result)) ? files.result : files.output;
      const written = await ports.results.putOnce(key, result);
      log('info', written === 'written' ? 'job done' : 'job done, but another result was first', fields);
      return { done: true };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** In its turn; the next job is fetched when this command ends, or a moment before. */
  async #run(job: Job, files: Files, cwd: string, next: () => void): Promise<ProcessEnd> {
    const { ports, orders, giveUp } = this.#options;
    const ended = new AbortController();
    const { afterMs } = this.#lookahead;
    if (afterMs !== undefined) void ports.clock.sleep(afterMs, ended.signal).then(next);
    try {
      return await ports.processes.run({
        command: orders.command,
        env: this.#environment(job, files.job, files.result),
        cwd,
        stdinFile: files.job,
        stdoutFile: files.output,
        stderrFile: files.errors,
        timeoutMs: orders.timeoutSeconds * 1000,
        stop: giveUp,
      });
    } finally {
      this.#turns.end();
      ended.abort();
      next();
    }
  }

  #environment(job: Job, jobFile: string, resultFile: string): Record<string, string> {
    const { orders } = this.#options;
    return {
      AWS_REGION: orders.region,
      TANDEM_CLUSTER: orders.cluster,
      TANDEM_JOB_ID: job.id,
      TANDEM_JOB_FILE: jobFile,
      TANDEM_RESULT_FILE: resultFile,
      TANDEM_BUCKET: orders.bucket,
      TANDEM_DOCUMENTS_PREFIX: orders.documentsPrefix,
    };
  }

  /** Later and later, so that what is wrong for the moment has time to get well before the queue gives the job up. */
  #later({ receives }: Delivery): Settlement {
    const { retry } = this.#options.orders;
    const backoff = { firstMs: retry.firstSeconds * 1000, mostMs: retry.mostSeconds * 1000 };
    const milliseconds = fullJitter(backoff, receives - 1, this.#options.ports.random);
    return { done: false, retrySeconds: Math.ceil(milliseconds / 1000) };
  }
}
