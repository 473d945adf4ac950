import { type Cancelled, cancelJobs } from '../../jobs/cancel.ts';
import type { ActionContext } from '../context.ts';
import { withJobs } from './with-jobs.ts';

export interface CancelOptions {
  readonly environment: string;
  readonly ids: readonly string[];
}

export interface CancelResult {
  readonly environment: string;
  readonly jobs: readonly Cancelled[];
}

/** Cancels jobs that wait or run. */
export async function cancel(context: ActionContext, { environment, ids }: CancelOptions): Promise<CancelResult> {
  return await withJobs(context, environment, async ({ cluster }) => ({
    environment,
    jobs: await cancelJobs(cluster, [...new Set(ids)], context.now()),
  }));
}
