import pLimit from 'p-limit';
import type { ClusterJobs } from './open.ts';
import type { JobState } from './record.ts';

export interface Cancelled {
  readonly id: string;
  /** `unknown` where there is no record. */
  readonly state: JobState | 'unknown';
  /** Whether this call cancelled it. */
  readonly isCancelled: boolean;
  /** Where it runs. */
  readonly instanceId: string | undefined;
}

const CONCURRENCY = 20;

/** Cancels jobs that wait: their agent takes the message from the queue without running it. What runs, or ran, is told. */
export async function cancelJobs({ table }: ClusterJobs, ids: readonly string[], now: Date): Promise<Cancelled[]> {
  const limit = pLimit(CONCURRENCY);
  return await Promise.all(
    ids.map((id) =>
      limit(async (): Promise<Cancelled> => {
        const at = now.toISOString();
        const isCancelled = await table.change({ id, from: ['queued'], to: 'cancelled', at });
        if (isCancelled) return { id, state: 'cancelled', isCancelled, instanceId: undefined };
        const record = await table.get(id);
        return { id, state: record?.state ?? 'unknown', isCancelled, instanceId: record?.instanceId };
      }),
    ),
  );
}
