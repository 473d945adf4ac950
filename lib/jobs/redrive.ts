import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { inBatches } from '../aws-api/batches.ts';
import type { QueuePlace } from '../aws-api/worker-parameter.ts';
import type { DeadLetter } from './aws/queues.ts';
import { MOST_KEYS, type Position } from './aws/table.ts';
import { batchesOf } from './batches.ts';
import { noDeadLetters, redriveFailed } from './errors.ts';
import type { ClusterJobs } from './open.ts';
import type { JobRecord } from './record.ts';

/** The dead-letter queue of a queue. */
export interface DeadLetters {
  readonly queue: QueuePlace;
  readonly url: string;
  readonly arn: string;
  /** As SQS counts, approximately. */
  readonly count: number;
  /** Some of them, with what is known of their jobs. */
  readonly shown: readonly ShownLetter[];
}

export interface ShownLetter {
  readonly jobId: string;
  readonly sentAt: string;
  readonly reason?: string | undefined;
  readonly instanceId?: string | undefined;
}

/** Dead letters that are looked at before a question is asked. */
const MOST_SHOWN = 50;
/** A look takes seconds; if it is cut off, letters come back after that. */
const LOOK_SECONDS = 60;
/** Letters that are moved by hand, or passed over, stay hidden for that long. */
const MOVE_SECONDS = 600;
/** Empty answers in a row after which a queue counts as empty: a short one may come from a part of it (sqs-short-and-long-polling.html). */
const EMPTY_ANSWERS = 2;

/** Looks at a dead-letter queue, and gives back what it took. @throws TandemError `no-dead-letters`, `aws-…` */
export async function lookAtDeadLetters(cluster: ClusterJobs, queue: QueuePlace): Promise<DeadLetters> {
  const { queues, table } = cluster;
  const { deadLettersArn: arn } = await queues.state(queue.url);
  if (arn === undefined) throw noDeadLetters(cluster.environment, queue.name);
  const url = await queues.urlOf(arn);
  const { waiting, running } = await queues.state(url);
  const letters: DeadLetter[] = [];
  if (waiting > 0)
    await eachBatch(cluster, url, LOOK_SECONDS, async (batch) => {
      letters.push(...batch);
      return letters.length < Math.min(MOST_SHOWN, waiting);
    });
  await queues.giveBack(url, letters);
  const known = new Map<string, JobRecord>();
  for (const some of inBatches([...new Set(letters.map(({ jobId }) => jobId))], MOST_KEYS))
    for (const [id, record] of await table.getMany(some)) known.set(id, record);
  const shown = letters.map(({ jobId, sentAt }) => {
    const record = known.get(jobId);
    return { jobId, sentAt, reason: record?.reason, instanceId: record?.instanceId };
  });
  return { queue, url, arn, count: Math.max(waiting + running, letters.length), shown };
}

export interface MoveProps {
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** @default as fast as SQS likes */
  readonly perSecond?: number | undefined;
  readonly onProgress: (moved: number, total: number) => void;
}

/**
 * Lets SQS move all dead letters back, and waits for it; SQS goes on even if this ends. Messages get new ids and ages, so a job without an
 * id of its own becomes another one. Records of failed jobs are queued again.
 * @returns how many were moved
 * @throws TandemError `redrive-running`, `redrive-failed`, `aws-…`
 */
export async function moveAll(cluster: ClusterJobs, letters: DeadLetters, props: MoveProps): Promise<number> {
  const { queues } = cluster;
  const { perSecond, onProgress, signal, now } = props;
  const begun = now().toISOString();
  await queues.startMove(letters.arn, perSecond);
  for (;;) {
    const task = await queues.move(letters.arn);
    const moved = task?.moved ?? 0;
    if (task !== undefined) onProgress(moved, Math.max(task.total ?? letters.count, moved + 1));
    if (task === undefined || task.status === 'COMPLETED') {
      await queueAgain(cluster, letters.queue, begun, props);
      return moved;
    }
    if (task.status !== 'RUNNING') throw redriveFailed(letters.queue.name, task.status, task.reason ?? '', moved);
    await sleep(1000, undefined, { signal });
  }
}

/** The records of jobs that had failed before: they wait again. Those that ran meanwhile say so themselves. */
async function queueAgain(cluster: ClusterJobs, queue: QueuePlace, begun: string, { now }: MoveProps): Promise<void> {
  const limit = pLimit(20);
  let after: Position | undefined;
  do {
    // Of a page, all may be another queue's, or have failed since.
    const { records, next } = await cluster.table.page({ state: 'failed', queue: queue.name, after, limit: 500 });
    const changes = records.map(({ id }) =>
      limit(async () => {
        const at = now().toISOString();
        if (await cluster.table.change({ id, from: ['failed'], to: 'queued', at, changedBefore: begun }))
          await cluster.table.markSent(id, at);
      }),
    );
    await Promise.all(changes);
    after = next;
  } while (after !== undefined);
}

/**
 * Moves the dead letters of these jobs back by hand: sent, then deleted. What else comes is given back.
 * @returns the ids that were moved
 */
export async function moveThese(
  cluster: ClusterJobs,
  { url, queue }: DeadLetters,
  ids: ReadonlySet<string>,
  { now, signal, onProgress }: MoveProps,
): Promise<string[]> {
  const { queues, table } = cluster;
  const moved = new Set<string>();
  const others: DeadLetter[] = [];
  await eachBatch(cluster, url, MOVE_SECONDS, async (batch) => {
    const wanted = batch.filter(({ jobId }) => ids.has(jobId));
    others.push(...batch.filter(({ jobId }) => !ids.has(jobId)));
    for (const some of batchesOf(wanted, ({ body }) => Buffer.byteLength(body))) {
      const messages = some.map(({ messageId, body }) => ({ id: messageId, text: body }));
      const refused = new Set((await queues.send(queue.url, messages)).map(({ id }) => id));
      const sent = some.filter(({ messageId }) => !refused.has(messageId));
      others.push(...some.filter(({ messageId }) => refused.has(messageId)));
      await queues.remove(url, sent);
      for (const { jobId: id } of sent) {
        moved.add(id);
        const at = now().toISOString();
        if (await table.change({ id, from: ['failed', 'cancelled'], to: 'queued', at })) await table.markSent(id, at);
      }
    }
    onProgress(moved.size, ids.size);
    return moved.size < ids.size && !signal.aborted;
  });
  await queues.giveBack(url, others);
  return [...moved];
}

/** Receives until the queue is empty, or the work says that it has enough. */
async function eachBatch(
  { queues }: ClusterJobs,
  url: string,
  hiddenSeconds: number,
  work: (batch: readonly DeadLetter[]) => Promise<boolean>,
): Promise<void> {
  for (let empty = 0; empty < EMPTY_ANSWERS; ) {
    const batch = await queues.receive(url, hiddenSeconds);
    empty = batch.length === 0 ? empty + 1 : 0;
    if (batch.length > 0 && !(await work(batch))) return;
  }
}
