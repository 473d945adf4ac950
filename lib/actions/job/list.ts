import { queueOf } from '../../jobs/cluster.ts';
import { listJobs } from '../../jobs/list.ts';
import type { JobState } from '../../jobs/record.ts';
import type { ActionContext } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import type { listSchema } from './schema.ts';
import { withJobs } from './with-jobs.ts';

export interface ListOptions {
  readonly environment: string;
  /** @default all */
  readonly states?: readonly JobState[] | undefined;
  readonly queue?: string | undefined;
  /** Submitted at that time or later. @default all */
  readonly since?: ((now: Date) => Date) | undefined;
  /** @default 50 */
  readonly limit?: number | undefined;
  readonly page?: string | undefined;
}

export type QueueCounts = ListResult['queues'][number];

export type ListResult = ResultOf<typeof listSchema>;

const PAGE = 50;

/** What the queues hold, and the jobs that are known, the newest first. @throws TandemError `no-such-queue`, `bad-page`, `aws-…` */
export async function list(context: ActionContext, options: ListOptions): Promise<ListResult> {
  const { environment, states, queue, since, limit = PAGE, page } = options;
  return await withJobs(context, environment, async ({ cluster }) => {
    const { places, queues } = cluster;
    const chosen = queue === undefined ? places.queues : [queueOf(places, environment, queue)];
    const from = since?.(context.now()).toISOString();
    const [counts, { jobs, next }] = await Promise.all([
      Promise.all(chosen.map((each) => countsOf(each.name, each.url))),
      listJobs(cluster, { states, queue, since: from, limit, page }),
    ]);
    return { environment, queues: counts, jobs, next };

    async function countsOf(name: string, url: string): Promise<QueueCounts> {
      const { waiting, running, deadLettersArn } = await queues.state(url);
      const letters = deadLettersArn === undefined ? undefined : await queues.state(await queues.urlOf(deadLettersArn));
      return { name, waiting, running, deadLetters: letters === undefined ? 0 : letters.waiting + letters.running };
    }
  });
}
