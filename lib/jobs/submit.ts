import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { QueuePlace } from '../aws-api/worker-parameter.ts';
import type { OutgoingMessage, Refusal } from './aws/queues.ts';
import { MOST_KEYS } from './aws/table.ts';
import { batchesOf, MOST_MESSAGE_BYTES } from './batches.ts';
import { invalidJobs, jobsDiffer, jobsNotSent, noJobs } from './errors.ts';
import type { ClusterJobs } from './open.ts';
import { type JobSource, readEntries } from './read-input.ts';
import type { ReadJob } from './read-job.ts';
import { BODIES_PREFIX, INLINE_BYTES, type JobRecord } from './record.ts';

export interface Submission {
  readonly sources: readonly JobSource[];
  readonly queue: QueuePlace;
  readonly idPrefix: string;
  /** `anna@host`. */
  readonly by: string;
  /** Seconds that a record outlives its submission. */
  readonly keepSeconds: number;
  readonly now: () => Date;
  /** Ends it after what is under way. */
  readonly signal: AbortSignal;
  readonly onProgress: (what: 'comparing with jobs sent before' | 'sending jobs', done: number, total: number) => void;
  /** Waits between attempts, in milliseconds. @default a real wait */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

export interface Submitted {
  readonly jobs: number;
  /** Sent by this run. */
  readonly sent: number;
  /** Sent before, by whatever run. */
  readonly already: number;
}

/** Problems that are told; the others are counted. */
const MOST_TOLD = 20;
/** Chunks of 100 jobs under way at once, and requests of all of them. */
const CHUNKS = 4;
const REQUESTS = 40;
/** Attempts for entries that SQS takes back for reasons of its own. */
const ROUNDS = 8;

/**
 * Sends jobs, each once: a record is made on condition that there is none, then the message is sent, then the record is marked. A run that
 * was killed goes on with the next one, from what is not marked; only the batches that were under way then may be in the queue twice,
 * which the agents bear: a result is written once. All input is read and compared with the records before anything is sent.
 * @throws TandemError `invalid-jobs`, `no-jobs`, `jobs-differ`, `jobs-not-sent`, `cannot-read-jobs`, `aws-…`
 */
export async function submitJobs(cluster: ClusterJobs, submission: Submission): Promise<Submitted> {
  const total = await check(submission);
  await compare(cluster, submission, total);
  return await new Sender(cluster, submission, total).run();
}

/** Reads all input. @returns how many jobs there are */
async function check({ sources, idPrefix }: Submission): Promise<number> {
  const problems: string[] = [];
  let [bad, good] = [0, 0];
  for await (const { where, problem } of readEntries(sources, idPrefix)) {
    if (problem === undefined) good += 1;
    else if ((bad += 1) <= MOST_TOLD) problems.push(`${where}: ${problem}`);
  }
  if (bad > 0) throw invalidJobs(problems, bad - problems.length);
  if (good === 0) throw noJobs(sources.map(({ name }) => name));
  return good;
}

/** No job was submitted before with other content. */
async function compare(cluster: ClusterJobs, submission: Submission, total: number): Promise<void> {
  const conflicts: string[] = [];
  let [count, done] = [0, 0];
  const limit = pLimit(CHUNKS * 2);
  await inChunks(submission, limit, async (chunk) => {
    const known = await cluster.table.getMany(chunk.map(({ job }) => job.id));
    for (const { job, where } of chunk) {
      const record = known.get(job.id);
      if (record === undefined || isSame(record, job)) continue;
      count += 1;
      if (conflicts.length < MOST_TOLD) conflicts.push(conflict(where, record));
    }
    done += chunk.length;
    submission.onProgress('comparing with jobs sent before', done, total);
  });
  if (count > 0) throw jobsDiffer(conflicts, count - conflicts.length);
}

function conflict(where: string, { id, submittedAt, submittedBy, state }: JobRecord): string {
  const by = submittedBy === '' ? '' : ` by ${submittedBy}`;
  return `${where}: ${id} was submitted at ${submittedAt}${by} and is ${state}`;
}

/** A record that an agent made of a message has no digest: it is believed to be the same job. */
function isSame(record: JobRecord, job: ReadJob): boolean {
  return record.sha256 === '' || record.sha256 === job.sha256;
}

interface Placed {
  readonly job: ReadJob;
  readonly where: string;
}

type Limit = ReturnType<typeof pLimit>;

/** Runs work on the jobs in hundreds, as many at once as the limit has; reading waits for it. */
async function inChunks(
  { sources, idPrefix, signal }: Submission,
  limit: Limit,
  work: (chunk: readonly Placed[]) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: unknown;
  let chunk: Placed[] = [];
  const begin = async (): Promise<void> => {
    const mine = chunk;
    chunk = [];
    const run = limit(() => work(mine))
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => running.delete(run));
    running.add(run);
    if (running.size >= limit.concurrency) await Promise.race(running);
  };
  for await (const { job, where } of readEntries(sources, idPrefix)) {
    if (failure !== undefined || signal.aborted) break;
    if (job !== undefined) chunk.push({ job, where });
    if (chunk.length === MOST_KEYS) await begin();
  }
  if (chunk.length > 0 && failure === undefined && !signal.aborted) await begin();
  await Promise.all(running);
  // What failed is why the rest was not done, and says so.
  if (failure !== undefined) throw failure as Error;
  signal.throwIfAborted();
}

class Sender {
  readonly #cluster: ClusterJobs;
  readonly #submission: Submission;
  readonly #total: number;
  readonly #requests = pLimit(REQUESTS);
  readonly #reasons = new Set<string>();
  #sent = 0;
  #already = 0;

  constructor(cluster: ClusterJobs, submission: Submission, total: number) {
    this.#cluster = cluster;
    this.#submission = submission;
    this.#total = total;
  }

  async run(): Promise<Submitted> {
    try {
      await inChunks(this.#submission, pLimit(CHUNKS), (chunk) => this.#send(chunk));
    } catch (error) {
      if (this.#submission.signal.aborted) throw error;
      this.#reasons.add(error instanceof Error ? error.message : String(error));
      throw jobsNotSent(this.#sent + this.#already, this.#total, [...this.#reasons], error);
    }
    const done = this.#sent + this.#already;
    if (done < this.#total) throw jobsNotSent(done, this.#total, [...this.#reasons].slice(0, MOST_TOLD));
    return { jobs: this.#total, sent: this.#sent, already: this.#already };
  }

  async #send(chunk: readonly Placed[]): Promise<void> {
    const { table } = this.#cluster;
    const known = await table.getMany(chunk.map(({ job }) => job.id));
    const open: ReadJob[] = [];
    await allOf(
      chunk.map(({ job }) =>
        this.#requests(async () => {
          if (await this.#isToSend(job, known.get(job.id))) open.push(job);
          else this.#count(0, 1);
        }),
      ),
    );
    await allOf(open.map((job) => this.#requests(() => this.#keepBody(job))));
    const messages = open.map((job) => messageOf(job));
    const batches = batchesOf(messages, ({ text }) => Buffer.byteLength(text));
    await allOf(batches.map((batch) => this.#sendBatch(batch)));
  }

  /** Makes the record, unless there is one. A record that is queued and not marked was made by a run that ended before it sent it. */
  async #isToSend(job: ReadJob, known: JobRecord | undefined): Promise<boolean> {
    const { table } = this.#cluster;
    if (known === undefined && (await table.create(this.#recordOf(job)))) return true;
    // Somebody else made it meanwhile.
    const record = known ?? (await table.get(job.id));
    if (record === undefined) return true;
    if (!isSame(record, job)) throw jobsDiffer([conflict(job.id, record)], 0);
    return record.state === 'queued' && record.sentAt === undefined;
  }

  #recordOf({ id, body, size, sha256 }: ReadJob): JobRecord {
    const { now, by, queue, keepSeconds } = this.#submission;
    const time = now();
    const at = time.toISOString();
    return {
      ...{ id, queue: queue.name, state: 'queued', submittedAt: at, submittedBy: by, at, receives: 0 },
      ...{ size, sha256, expiresAt: Math.floor(time.getTime() / 1000) + keepSeconds },
      ...(size > INLINE_BYTES ? {} : { body }),
    };
  }

  async #keepBody({ id, body, size }: ReadJob): Promise<void> {
    if (size > INLINE_BYTES) await this.#cluster.objects.put(`${BODIES_PREFIX}${id}`, body);
  }

  async #sendBatch(batch: readonly OutgoingMessage[]): Promise<void> {
    const { pause = sleep, queue, now } = this.#submission;
    const { queues, table } = this.#cluster;
    let open = batch;
    for (let round = 1; open.length > 0; round += 1) {
      const refused = await this.#requests(() => queues.send(queue.url, open));
      const again = new Map(refused.map((each): [string, Refusal] => [each.id, each]));
      const sent = open.filter(({ id }) => !again.has(id));
      const at = now().toISOString();
      await allOf(sent.map(({ id }) => this.#requests(() => table.markSent(id, at))));
      this.#count(sent.length, 0);
      const isOver = round === ROUNDS;
      for (const { id, reason, isTransient } of refused)
        if (isOver || !isTransient) this.#reasons.add(`${id}: ${reason}`);
      open = isOver ? [] : open.filter(({ id }) => again.get(id)?.isTransient === true);
      if (open.length > 0) await pause(Math.random() * Math.min(10_000, 100 * 2 ** round));
    }
  }

  #count(sent: number, already: number): void {
    this.#sent += sent;
    this.#already += already;
    this.#submission.onProgress('sending jobs', this.#sent + this.#already, this.#total);
  }
}

/** Waits for all, whatever becomes of one: nothing goes on after a failure was told. */
async function allOf(runs: readonly Promise<unknown>[]): Promise<void> {
  for (const run of await Promise.allSettled(runs)) if (run.status === 'rejected') throw run.reason as Error;
}

/** What is sent: the body, or where it is. The agent fetches it from there, and compares its digest. */
export function messageOf({ id, body, size, sha256 }: ReadJob): OutgoingMessage {
  if (size <= MOST_MESSAGE_BYTES) return { id, text: body };
  return { id, text: JSON.stringify({ id, $body: { key: `${BODIES_PREFIX}${id}`, size, sha256 } }) };
}
