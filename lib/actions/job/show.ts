import { type ShownJob, showJob } from '../../jobs/show.ts';
import type { ActionContext } from '../context.ts';
import { withJobs } from './with-jobs.ts';

export interface ShowOptions {
  readonly environment: string;
  readonly id: string;
}

export interface ShowResult extends ShownJob {
  readonly environment: string;
}

/** What is known of one job. @throws TandemError `no-such-job`, `aws-…` */
export async function show(context: ActionContext, { environment, id }: ShowOptions): Promise<ShowResult> {
  return await withJobs(context, environment, async ({ cluster }) => ({
    environment,
    ...(await showJob(cluster, id)),
  }));
}
