import type { ObjectFacts } from './aws/objects.ts';
import { noSuchJob } from './errors.ts';
import type { ClusterJobs } from './open.ts';
import type { JobRecord } from './record.ts';

export interface ShownJob {
  readonly id: string;
  /** Undefined where only its result is left. */
  readonly record: JobRecord | undefined;
  readonly result: ObjectFacts | undefined;
  /** Where its machine's log is; undefined before it ran. */
  readonly log: { readonly group: string; readonly stream: string } | undefined;
}

/** What is known of one job. @throws TandemError `no-such-job`, `aws-…` */
export async function showJob(cluster: ClusterJobs, id: string): Promise<ShownJob> {
  const { table, objects, places, environment } = cluster;
  const [record, result] = await Promise.all([table.get(id), objects.facts(`${places.resultsPrefix}${id}`)]);
  if (record === undefined && result === undefined) throw noSuchJob(environment, id);
  const stream = record?.instanceId;
  const log = stream === undefined ? undefined : { group: `/tandem/${places.cluster}/workers`, stream };
  return { id, record, result, log };
}
