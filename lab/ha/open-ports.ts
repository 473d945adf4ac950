import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { labNotRunning } from '../errors.ts';
import type { HaTimers } from './adapt.ts';
import { NetnsKollaPlays } from './kolla-plays.ts';
import { DEFAULT_HA_DIRECTORY, haLayout } from './layout.ts';
import { NetnsCloudApi } from './netns-cloud-api.ts';
import { NetnsCloudHosts } from './netns-cloud-hosts.ts';
import { findCluster } from './netns-cluster.ts';
import { openSecrets } from './secrets.ts';

/** Commands and plays of plans on the running lab. @throws TandemError `lab-not-running` */
export async function openHaPorts(options: {
  readonly directory?: string;
  readonly timers: HaTimers;
  /** What is thrown where a host is off. */
  readonly unreachable: (host: string) => Error;
}): Promise<{ readonly hosts: NetnsCloudHosts; readonly plays: NetnsKollaPlays; readonly api: NetnsCloudApi }> {
  const layout = haLayout(resolve(options.directory ?? DEFAULT_HA_DIRECTORY));
  const cluster = findCluster(layout);
  if (cluster === undefined || !existsSync(layout.lab)) throw labNotRunning({ directory: layout.directory });
  return {
    hosts: new NetnsCloudHosts(cluster, options.unreachable),
    api: new NetnsCloudApi(cluster),
    plays: new NetnsKollaPlays(cluster, await openSecrets(layout), options.timers),
  };
}
