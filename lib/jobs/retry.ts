import pLimit from 'p-limit';
import type { ClusterJobs } from './open.ts';
import { BODIES_PREFIX, type JobRecord } from './record.ts';
import { messageOf } from './submit.ts';

export type RetryOutcome =
  | 'sent'
  /** It waits in the queue already. */
  | 'waiting'
  | 'running'
  /** It has a result, which is written once. */
  | 'done'
  | 'unknown'
  /** Its body is kept nowhere but in its message. */
  | 'no-body'
  | 'failed-to-send';

export interface Retried {
  readonly id: string;
  readonly outcome: RetryOutcome;
  readonly instanceId?: string;
  readonly reason?: string;
}

export interface RetryProps {
  readonly ids: readonly string[];
  readonly now: () => Date;
  /** Seconds that a record outlives this. */
  readonly keepSeconds: number;
}

const CONCURRENCY = 20;

/**
 * Sends failed and cancelled jobs again, under the same ids. The record leaves its state on condition, so of two who retry a job one
 * sends it. A dead letter of it stays where it is: the agent that gets it after a redrive finds the result, and does nothing.
 */
export async function retryJobs(cluster: ClusterJobs, { ids, now, keepSeconds }: RetryProps): Promise<Retried[]> {
  const limit = pLimit(CONCURRENCY);
  const retry = async (id: string): Promise<Retried> => {
    const record = await cluster.table.get(id);
    const hindered = await hindrance(cluster, id, record);
    if (record === undefined || hindered !== undefined)
      return { id, outcome: hindered ?? 'unknown', ...onMachine(record) };
    const body = record.body ?? (await cluster.objects.text(`${BODIES_PREFIX}${id}`));
    const queue = cluster.places.queues.find(({ name }) => name === record.queue) ?? cluster.places.queues[0];
    if (body === undefined || queue === undefined) return { id, outcome: 'no-body' };
    const time = now();
    const [at, expiresAt] = [time.toISOString(), Math.floor(time.getTime() / 1000) + keepSeconds];
    // One that is queued and was never marked as sent is sent by this.
    if (record.state !== 'queued') {
      const change = { id, from: [record.state], to: 'queued', at, expiresAt, queue: queue.name } as const;
      if (!(await cluster.table.change(change))) return { id, outcome: 'waiting' };
    }
    const [refused] = await cluster.queues.send(queue.url, [messageOf({ ...record, body })]);
    if (refused !== undefined) return { id, outcome: 'failed-to-send', reason: refused.reason };
    await cluster.table.markSent(id, now().toISOString());
    return { id, outcome: 'sent' };
  };
  return await Promise.all(ids.map((id) => limit(() => retry(id))));
}

/** Why a job is not sent again. */
async function hindrance(
  { objects, places }: ClusterJobs,
  id: string,
  record: JobRecord | undefined,
): Promise<RetryOutcome | undefined> {
  if (record?.state === 'running') return 'running';
  if (record?.state === 'queued' && record.sentAt !== undefined) return 'waiting';
  if (record?.state === 'done' || (await objects.facts(`${places.resultsPrefix}${id}`)) !== undefined) return 'done';
  return record === undefined ? 'unknown' : undefined;
}

function onMachine(record: JobRecord | undefined): Pick<Retried, 'instanceId'> {
  return record?.instanceId === undefined ? {} : { instanceId: record.instanceId };
}
