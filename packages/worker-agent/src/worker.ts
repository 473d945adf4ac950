import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fullJitter } from './backoff.ts';
import type { Delivery, Settlement } from './delivery.ts';
import type { Health } from './health.ts';
import { type Job, parseJob } from './job.ts';
import { type JobFolder, jobEnvironment, makeJobFolder, removeJobFolder, writeBody } from './job-folder.ts';
import type { JobLedger } from './job-ledger.ts';
import { JobSlot } from './job-slot.ts';
import { type Log, wordsOf } from './log.ts';
import type { Meter } from './meter.ts';
import type { Outbox } from './outbox.ts';
import type { Ports, ProcessEnd } from './ports.ts';
import { PrefetchTimer } from './prefetch-timer.ts';
import { whyFailed } from './process-end.ts';
import type { Invoke } from './program.ts';
import { stderrTail } from './stderr-tail.ts';
import type { WorkerConfig } from './worker-config.ts';

/** How long a prefetched job waits for the job slot, before it is given back for an idle worker to take. */
const EARLY_MS = 2000;
/** How often one job may be sent anew: without an end, a job that fails everywhere would stay for ever. */
const MOST_ANEW = 5;

export interface WorkerOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'results' | 'processes' | 'downloads'>;
  readonly config: WorkerConfig;
  readonly log: Log;
  /** Where jobs have their folders. */
  readonly folder: string;
  readonly invoke: Invoke;
  readonly outbox: Outbox;
  readonly ledger: JobLedger;
  readonly health: Health;
  readonly meter: Meter;
  /** Gives the job under way back to the queue. */
  readonly giveUp: AbortSignal;
  /** Gives back the job that was fetched and is not under way. */
  readonly draining: AbortSignal;
}

export interface Taken {
  readonly id: string;
  readonly queue: string;
  /** Milliseconds since 1970. */
  since: number;
  /** Aborted when somebody cancelled it. */
  readonly cancel: AbortController;
}

type Back = Extract<Settlement, { done: false }>;

/** One slot: runs one command at a time, and decides what becomes of each job. The next job is fetched while this one's result is written. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #slot: JobSlot;
  readonly #prefetchTimer = new PrefetchTimer();
  /** The job under way, and the one after it. */
  #taken: readonly Taken[] = [];
  #idleSince: number;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#slot = new JobSlot(options.ports.clock, options.draining);
    this.#idleSince = options.ports.clock.now();
  }

  /** The job under way, and since when. */
  get current(): Taken | undefined {
    return this.#taken[0];
  }

  /** With the one that waits for it. */
  get taken(): readonly Taken[] {
    return this.#taken;
  }

  /** Since when there has been no job. */
  get idleSince(): number {
    return this.#idleSince;
  }

  /** Never rejects: a job that fails, for whatever reason, comes back later, until its deliveries exceed `maximumReceives`. */
  readonly handle = async (delivery: Delivery, next: () => void): Promise<Settlement> => {
    const { log, giveUp, ports } = this.#options;
    const { queue, message } = delivery;
    const job = parseJob(message.body, message.id);
    if (job === undefined) {
      log('error', 'the message is not a job', { messageId: message.id, receives: message.receives });
      return this.#later(delivery);
    }
    const taken: Taken = { id: job.id, queue: queue.name, since: ports.clock.now(), cancel: new AbortController() };
    this.#taken = [...this.#taken, taken];
    try {
      return giveUp.aborted ? this.#atOnce(delivery) : await this.#work(job, delivery, taken, next);
    } catch (error) {
      return await this.#failed(job, delivery, wordsOf(error), '');
    } finally {
      this.#taken = this.#taken.filter((each) => each !== taken);
      this.#idleSince = ports.clock.now();
    }
  };

  async #work(job: Job, delivery: Delivery, taken: Taken, next: () => void): Promise<Settlement> {
    const { log, ports, config, outbox, ledger } = this.#options;
    const stored = outbox.pending(job.id);
    if (stored !== undefined) {
      await stored;
      return this.#done(job, delivery);
    }
    if (await ports.results.has(`${config.resultsPrefix}${job.id}`)) {
      log('info', 'result exists already', { job: job.id });
      return this.#done(job, delivery);
    }
    if ((await ledger.begin(job.id, delivery)) === 'cancelled') {
      log('info', 'job was cancelled', { job: job.id });
      return { done: true };
    }
    const folder = await makeJobFolder(this.#options.folder);
    try {
      await writeBody(job, folder.job, ports.downloads, config.bucket);
      return await this.#inSlot(job, delivery, taken, folder, next);
    } finally {
      await removeJobFolder(folder, log);
    }
  }

  async #inSlot(job: Job, delivery: Delivery, taken: Taken, folder: JobFolder, next: () => void): Promise<Settlement> {
    const { log, ports, health, outbox, meter } = this.#options;
    const { receives, sentAt } = delivery.message;
    // One that came back from others already is not sent round again: deliveries are counted, and too many bury it.
    const isCounted = receives > 1 || receives >= delivery.queue.maximumReceives;
    if (!(await this.#slot.begin(isCounted ? undefined : EARLY_MS))) {
      log('debug', 'prefetched too early', { job: job.id });
      return { ...(await this.#giveBack(job, delivery)), notBefore: this.#slot.free };
    }
    if (health.broken !== undefined) {
      this.#slot.end();
      return this.#giveBack(job, delivery);
    }
    taken.since = ports.clock.now();
    const isCancelled = (): boolean => taken.cancel.signal.aborted;
    if (isCancelled()) {
      this.#slot.end();
      next();
      return this.#cancelled(job, delivery, 0);
    }
    if (sentAt !== undefined && receives === 1) meter.milliseconds('QueueWait', taken.since - sentAt, taken.queue);
    const end = await this.#run(job, delivery, taken, folder, next);
    const milliseconds = ports.clock.now() - taken.since;
    if (end.kind === 'stopped') {
      if (isCancelled()) return this.#cancelled(job, delivery, milliseconds);
      log('warn', 'job given back', { job: job.id, receives, milliseconds });
      return this.#giveBack(job, delivery);
    }
    meter.milliseconds('JobDuration', milliseconds, taken.queue);
    if (end.kind !== 'exit' || end.code !== 0)
      return this.#failed(job, delivery, whyFailed(end), await stderrTail(folder.errors));
    health.succeeded(job.id);
    this.#prefetchTimer.observe(milliseconds);
    const written = await outbox.store(job.id, (await exists(folder.result)) ? folder.result : folder.output);
    log('info', written === 'written' ? 'job done' : 'job done, but another result was written first', {
      ...{ job: job.id, queue: taken.queue, receives, milliseconds },
    });
    meter.count('JobsDone', taken.queue);
    return this.#done(job, delivery);
  }

  /** Holds the job slot; the next job is fetched when this command ends, or a moment before. */
  async #run(job: Job, { queue }: Delivery, taken: Taken, folder: JobFolder, next: () => void): Promise<ProcessEnd> {
    const { ports, config, invoke, giveUp } = this.#options;
    const ended = new AbortController();
    const { afterMs } = this.#prefetchTimer;
    if (afterMs !== undefined) void ports.clock.sleep(afterMs, ended.signal).then(next);
    try {
      const env = jobEnvironment(config, job, queue.name, folder);
      return await ports.processes.run({
        ...invoke({ name: basename(folder.root), folder: folder.root, work: folder.work, env }),
        cwd: folder.work,
        stdinFile: folder.job,
        stdoutFile: folder.output,
        stderrFile: folder.errors,
        timeoutMs: queue.timeoutSeconds * 1000,
        stop: AbortSignal.any([giveUp, taken.cancel.signal]),
      });
    } finally {
      this.#slot.end();
      ended.abort();
      next();
    }
  }

  async #done(job: Job, delivery: Delivery): Promise<Settlement> {
    await this.#options.ledger.done(job.id, delivery);
    return { done: true };
  }

  async #cancelled(job: Job, delivery: Delivery, milliseconds: number): Promise<Settlement> {
    const { log, ledger } = this.#options;
    log('info', 'job was cancelled', { job: job.id, queue: delivery.queue.name, milliseconds });
    await ledger.cancelled(job.id, delivery, milliseconds);
    return { done: true };
  }

  /** Somebody else should have it: that is not the job's fault, and no step towards the dead-letter queue if it would be the last. */
  async #giveBack(job: Job, delivery: Delivery): Promise<Back> {
    await this.#options.ledger.givenBack(job.id, delivery);
    return this.#atOnce(delivery);
  }

  #atOnce({ queue, message }: Delivery): Back {
    const uncounted = message.receives >= queue.maximumReceives && message.anew < MOST_ANEW;
    return { done: false, retrySeconds: 0, ...(uncounted ? { uncounted } : {}) };
  }

  /** A job that failed on this machine alone is tried by others before it can reach the dead-letter queue. */
  async #failed(job: Job, delivery: Delivery, why: string, tail: string): Promise<Settlement> {
    const { log, health, ledger, meter } = this.#options;
    const { queue, message } = delivery;
    const { receives } = message;
    log('error', 'job failed', { job: job.id, queue: queue.name, receives, why, stderrTail: tail });
    meter.count('JobsFailed', queue.name);
    const isLast = receives >= queue.maximumReceives;
    const failedOn = ledger.failedOn(job.id);
    const elsewhere = await health.failedElsewhere(failedOn);
    await health.failed(job.id, why, elsewhere);
    const { broken } = health;
    // Where all machines fail together, none of them is a witness that its job is bad: it is not buried before they stop.
    const mayBeMachine =
      (isLast || broken !== undefined) && message.anew < MOST_ANEW && !(await health.isJobsFault(failedOn));
    const uncounted = mayBeMachine && (broken !== undefined || (await health.hasPeers()));
    const reason = tail === '' ? why : `${why}: ${tail}`;
    await ledger.failed(job.id, delivery, reason, isLast && !uncounted);
    if (broken?.verdict === 'machine' && uncounted) return { done: false, retrySeconds: 0, uncounted };
    return { ...this.#later(delivery), ...(uncounted ? { uncounted } : {}) };
  }

  /** Exponential backoff: a transient failure has time to pass before the job goes to the dead-letter queue. */
  #later({ message }: Delivery): Back {
    const { retry } = this.#options.config;
    const backoff = { firstMs: retry.firstSeconds * 1000, mostMs: retry.mostSeconds * 1000 };
    const milliseconds = fullJitter(backoff, message.receives - 1, this.#options.ports.random);
    return { done: false, retrySeconds: Math.ceil(milliseconds / 1000) };
  }
}

/** Whether there is such a file. */
async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
