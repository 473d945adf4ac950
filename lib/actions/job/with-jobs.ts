import { targetOf } from '../../aws-api/connection.ts';
import { connect } from '../../aws-api/session.ts';
import { LONGEST_IN_QUEUE_DAYS } from '../../config/schema/environment-queues.ts';
import { actor } from '../../deploy/real.ts';
import { type ClusterJobs, openJobs } from '../../jobs/open.ts';
import { environmentNamed, requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

/** What a verb works with. */
export interface JobsOf {
  readonly cluster: ClusterJobs;
  /** `anna@host`. */
  readonly by: string;
  /** Seconds that a record outlives the last time that its job was sent: the queue's longest, and the result's life. */
  readonly keepSeconds: number;
}

/** Before the name of a dev environment, where the name of a cluster's environment may stand. */
const LEASE_PREFIX = 'env/';

/**
 * Opens the jobs of an environment's cluster, once its account is known to be the right one, or of a dev environment (`env/alice`), and
 * closes them.
 * @throws TandemError `no-such-lease`, `no-jobs-in-lease`, `job-endpoint-unknown`, `no-such-secret` of a dev environment
 * @throws TandemError `no-such-environment`, `cluster-missing`, `cluster-too-old`, and those of `connect` and `requireProject`
 */
export async function withJobs<T>(
  context: ActionContext,
  name: string,
  work: (jobs: JobsOf) => Promise<T>,
): Promise<T> {
  if (name.startsWith(LEASE_PREFIX)) {
    const { openLeaseJobs } = await import('./lease-jobs.ts');
    const cluster = await openLeaseJobs(context, name.slice(LEASE_PREFIX.length));
    try {
      return await work({ cluster, by: actor(context.environment).by, keepSeconds: LONGEST_IN_QUEUE_DAYS * 86_400 });
    } finally {
      cluster.close();
    }
  }
  const project = requireProject(context);
  const found = environmentNamed(project, name);
  const { organisation } = project.organisation.value;
  const { by } = actor(context.environment);
  const connection = await connect(targetOf(found), context.environment, by);
  const cluster = await openJobs(connection, name, `${organisation.name}-${name}`);
  try {
    const days = found.value.cluster.results.expireDays + LONGEST_IN_QUEUE_DAYS;
    return await work({ cluster, by, keepSeconds: days * 86_400 });
  } finally {
    cluster.close();
  }
}
