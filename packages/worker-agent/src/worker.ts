import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fullJitter } from './backoff.ts';
import { type Job, parseJob } from './job.ts';
import { JobSlot } from './job-slot.ts';
import { type Log, wordsOf } from './log.ts';
import type { Delivery, Ports, ProcessEnd, Settlement } from './ports.ts';
import { PrefetchTimer } from './prefetch-timer.ts';
import { whyFailed } from './process-end.ts';
import { stderrTail } from './stderr-tail.ts';
import type { WorkerConfig } from './worker-config.ts';

/** How long a prefetched job waits for the job slot, before it is given back for an idle worker to take. */
const EARLY_MS = 2000;
const BACK_AT_ONCE = { done: false, retrySeconds: 0 } as const;

export interface WorkerOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'results' | 'processes'>;
  readonly config: WorkerConfig;
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
  get current(): { readonly id: string; readonly since: number } | undefined {
    return this.#taken[0];
  }

  /** Since when there has been no job. */
  get idleSince(): number {
    return this.#idleSince;
  }

  /** Never rejects: a job that fails, for whatever reason, comes back later, until its deliveries exceed `maximumReceives`. */
  readonly handle = async (delivery: Delivery, next: () => void): Promise<Settlement> => {
    const { log, giveUp, ports } = this.#options;
    const job = parseJob(delivery.body, delivery.messageId);
    if (job === undefined) {
      log('error', 'the message is not a job', { messageId: delivery.messageId, receives: delivery.receives });
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
    const { log, ports, config } = this.#options;
    const key = `${config.resultsPrefix}${job.id}`;
    if (await ports.results.has(key)) {
      log('info', 'result exists already', { job: job.id });
      return { done: true };
    }
    const folder = await mkdtemp(join(this.#options.folder, 'tandem-job-'));
    const at = (name: string): string => join(folder, name);
    const files: Files = { job: at('job.json'), output: at('output'), errors: at('errors'), result: at('result') };
    try {
      await writeFile(files.job, job.text);
      // One that came back from others already is not sent round again: deliveries are counted, and too many bury it.
      if (!(await this.#slot.begin(delivery.receives > 1 ? undefined : EARLY_MS))) {
        log('debug', 'prefetched too early', { job: job.id });
        return { ...BACK_AT_ONCE, notBefore: this.#slot.free };
      }
      taken.since = ports.clock.now();
      const end = await this.#run(job, files, folder, next);
      const fields = { job: job.id, receives: delivery.receives, milliseconds: ports.clock.now() - taken.since };
      if (end.kind === 'stopped') {
        log('warn', 'job given back', fields);
        return BACK_AT_ONCE;
      }
      if (end.kind !== 'exit' || end.code !== 0) {
        log('error', 'job failed', { ...fields, why: whyFailed(end), stderrTail: await stderrTail(files.errors) });
        return this.#later(delivery);
      }
      this.#prefetchTimer.observe(fields.milliseconds);
      const result = (await exists(files.result)) ? files.result : files.output;
      const written = await ports.results.putOnce(key, result);
      log('info', written === 'written' ? 'job done' : 'job done, but another result was written first', fields);
      return { done: true };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Holds the job slot; the next job is fetched when this command ends, or a moment before. */
  async #run(job: Job, files: Files, cwd: string, next: () => void): Promise<ProcessEnd> {
    const { ports, config, giveUp } = this.#options;
    const ended = new AbortController();
    const { afterMs } = this.#prefetchTimer;
    if (afterMs !== undefined) void ports.clock.sleep(afterMs, ended.signal).then(next);
    try {
      return await ports.processes.run({
        command: config.program.command,
        env: this.#environment(job, files.job, files.result),
        cwd,
        stdinFile: files.job,
        stdoutFile: files.output,
        stderrFile: files.errors,
        timeoutMs: (config.queues[0]?.timeoutSeconds ?? 0) * 1000,
        stop: giveUp,
      });
    } finally {
      this.#slot.end();
      ended.abort();
      next();
    }
  }

  #environment(job: Job, jobFile: string, resultFile: string): Record<string, string> {
    const { config } = this.#options;
    return {
      AWS_REGION: config.region,
      TANDEM_CLUSTER: config.cluster,
      TANDEM_JOB_ID: job.id,
      TANDEM_JOB_FILE: jobFile,
      TANDEM_RESULT_FILE: resultFile,
      TANDEM_BUCKET: config.bucket,
      TANDEM_DOCUMENTS_PREFIX: config.documentsPrefix,
    };
  }

  /** Exponential backoff: a transient failure has time to pass before the job goes to the dead-letter queue. */
  #later({ receives }: Delivery): Settlement {
    const { retry } = this.#options.config;
    const backoff = { firstMs: retry.firstSeconds * 1000, mostMs: retry.mostSeconds * 1000 };
    const milliseconds = fullJitter(backoff, receives - 1, this.#options.ports.random);
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
