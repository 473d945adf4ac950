import type { ObjectFacts } from './aws/objects.ts';
import { noSuchJob } from './errors.ts';
import type { ClusterJobs } from './open.ts';
import type { JobRecord } from './record.ts';

export interface ShownJob {
  readonly id: string;
  /** Undefined where only its result is left. */
  readonly record: JobRecord | undefined;
  readonly result: ObjectFacts | undefined;
}

/** What is known of one job. @throws TandemError `no-such-job`, `aws-…` */
export async function showJob(cluster: ClusterJobs, id: string): Promise<ShownJob> {
  const { table, objects, places, environment } = cluster;
  const [record, result] = await Promise.all([table.get(id), objects.facts(`${places.resultsPrefix}${id}`)]);
  if (record === undefined && result === undefined) throw noSuchJob(environment, id);
  return { id, record, result };
}
