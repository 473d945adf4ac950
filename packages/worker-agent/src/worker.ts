import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fullJitter } from './backoff.ts';
import { type Job, parseJob } from './job.ts';
import { type Log, wordsOf } from './log.ts';
import type { Orders } from './orders.ts';
import type { Delivery, Ports, ProcessEnd, Settlement } from './ports.ts';

/** How much of a failed job's last words is logged. */
const LAST_WORDS = 2000;

export interface WorkerOptions {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'results' | 'processes'>;
  readonly orders: Orders;
  readonly log: Log;
  /** Where jobs have their folders. */
  readonly folder: string;
  /** Gives the job under way back to the queue. */
  readonly giveUp: AbortSignal;
}

/** Does one job at a time, and decides what becomes of it. */
export class Worker {
  readonly #options: WorkerOptions;
  #current: { readonly id: string; readonly since: number } | undefined;
  #idleSince: number;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#idleSince = options.ports.clock.now();
  }

  /** The job under way, and since when. */
  get current(): { readonly id: string; readonly since: number } | undefined {
    return this.#current;
  }

  /** Since when there has been no job. */
  get idleSince(): number {
    return this.#idleSince;
  }

  /** Never rejects: a job that can't be done, for whatever reason, comes back later, until the queue has enough of it. */
  readonly handle = async (delivery: Delivery): Promise<Settlement> => {
    const { log, giveUp, ports } = this.#options;
    const job = parseJob(delivery.body, delivery.messageId);
    if (job === undefined) {
      log('error', 'this is no job', { messageId: delivery.messageId, receives: delivery.receives });
      return this.#later(delivery);
    }
    this.#current = { id: job.id, since: ports.clock.now() };
    try {
      return giveUp.aborted ? { done: false, retrySeconds: 0 } : await this.#work(job, delivery);
    } catch (error) {
      log('error', 'job failed', { job: job.id, receives: delivery.receives, why: wordsOf(error) });
      return this.#later(delivery);
    } finally {
      this.#current = undefined;
      this.#idleSince = ports.clock.now();
    }
  };

  async #work(job: Job, delivery: Delivery): Promise<Settlement> {
    const { log, ports, orders } = this.#options;
    const key = `${orders.resultsPrefix}${job.id}`;
    if (await ports.results.has(key)) {
      log('info', 'result is there already', { job: job.id });
      return { done: true };
    }
    const started = ports.clock.now();
    const folder = await mkdtemp(join(this.#options.folder, 'tandem-job-'));
    try {
      const files = { job: join(folder, 'job.json'), out: join(folder, 'output'), errors: join(folder, 'errors') };
      const resultFile = join(folder, 'result');
      await writeFile(files.job, job.text);
      const end = await ports.processes.run({
        command: orders.command,
        env: this.#environment(job, files.job, resultFile),
        cwd: folder,
        stdinFile: files.job,
        stdoutFile: files.out,
        stderrFile: files.errors,
        timeoutMs: orders.timeoutSeconds * 1000,
        stop: this.#options.giveUp,
      });
      const fields = { job: job.id, receives: delivery.receives, milliseconds: ports.clock.now() - started };
      if (end.kind === 'stopped') {
        log('warn', 'job given back', fields);
        return { done: false, retrySeconds: 0 };
      }
      if (end.kind !== 'exit' || end.code !== 0) {
        log('error', 'job failed', { ...fields, why: why(end), lastWords: await tail(files.errors) });
        return this.#later(delivery);
      }
      const result = (await exists(resultFile)) ? resultFile : files.out;
      const written = await ports.results.putOnce(key, result);
      log('info', written === 'written' ? 'job done' : 'job done, but another result was first', fields);
      return { done: true };
    } finally {
      await rm(folder, { recursive: true, force: true });
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

function why(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exit':
      return `ended with ${end.code}`;
    case 'killed':
      return `killed by ${end.signal}`;
    case 'not-started':
      return `not started: ${end.why}`;
    default:
      return end.kind;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function tail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - LAST_WORDS);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
