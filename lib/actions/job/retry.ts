import { type Retried, retryJobs } from '../../jobs/retry.ts';
import type { ActionContext } from '../context.ts';
import { withJobs } from './with-jobs.ts';

export interface RetryOptions {
  readonly environment: string;
  readonly ids: readonly string[];
}

export interface RetryResult {
  readonly environment: string;
  readonly jobs: readonly Retried[];
}

/** Sends failed and cancelled jobs again. */
export async function retry(context: ActionContext, { environment, ids }: RetryOptions): Promise<RetryResult> {
  return await withJobs(context, environment, async ({ cluster, keepSeconds }) => ({
    environment,
    jobs: await retryJobs(cluster, { ids: [...new Set(ids)], now: context.now, keepSeconds }),
  }));
}
