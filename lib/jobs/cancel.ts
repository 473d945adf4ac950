import pLimit from 'p-limit';
import type { ClusterJobs } from './open.ts';
import type { JobState } from './record.ts';

export interface Cancelled {
  readonly id: string;
  /** `unknown` where there is no record. */
  readonly state: JobState | 'unknown';
  /** Whether this call cancelled it. */
  readonly isCancelled: boolean;
  /** Where it runs, and is ended at its machine's next heartbeat; or ran. */
  readonly instanceId: string | undefined;
}

const CONCURRENCY = 20;
/** A job may begin, or be given back, between the look and the change. */
const ATTEMPTS = 5;

/** Cancels jobs that wait, whose agent takes the message from the queue without running it, and jobs that run, which their agent ends. Others are told. */
export async function cancelJobs({ table }: ClusterJobs, ids: readonly string[], now: Date): Promise<Cancelled[]> {
  const limit = pLimit(CONCURRENCY);
  const at = now.toISOString();
  const cancel = async (id: string): Promise<Cancelled> => {
    for (let attempt = 1; ; attempt += 1) {
      const record = await table.get(id);
      const { state = 'unknown', instanceId } = record ?? {};
      if (state !== 'queued' && state !== 'running') return { id, state, isCancelled: false, instanceId };
      if (await table.change({ id, from: [state], to: 'cancelled', at }))
        return { id, state: 'cancelled', isCancelled: true, instanceId: state === 'running' ? instanceId : undefined };
      if (attempt === ATTEMPTS) return { id, state, isCancelled: false, instanceId };
    }
  };
  return await Promise.all(ids.map((id) => limit(() => cancel(id))));
}
