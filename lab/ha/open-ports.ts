import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { labNotRunning } from '../errors.ts';
import type { HaTimers } from './adapt.ts';
import { NetnsKollaPlays } from './kolla-plays.ts';
import { DEFAULT_HA_DIRECTORY, haLayout } from './layout.ts';
import { NetnsCloudApi } from './netns-cloud-api.ts';
import { NetnsCloudHosts } from './netns-cloud-hosts.ts';
import { findCluster } from './netns-cluster.ts';
import { NetnsHostFiles } from './netns-host-files.ts';
import { NetnsKeep } from './netns-keep.ts';
import { openSecrets } from './secrets.ts';

/** Commands and plays of plans on the running lab. @throws TandemError `lab-not-running` */
export async function openHaPorts(options: {
  readonly directory?: string;
  readonly timers: HaTimers;
  /** Folder of the cloud's secrets, as a deployment host has it. @default - there is none */
  readonly secretsFolder?: string;
  /** What is thrown where a host is off. */
  readonly unreachable: (host: string) => Error;
}): Promise<{
  readonly hosts: NetnsCloudHosts;
  readonly plays: NetnsKollaPlays;
  readonly api: NetnsCloudApi;
  readonly files: NetnsHostFiles;
  readonly keep: NetnsKeep;
}> {
  const layout = haLayout(resolve(options.directory ?? DEFAULT_HA_DIRECTORY));
  const cluster = findCluster(layout);
  if (cluster === undefined || !existsSync(layout.lab)) throw labNotRunning({ directory: layout.directory });
  const secrets = await openSecrets(layout);
  return {
    files: new NetnsHostFiles(cluster),
    keep: new NetnsKeep(cluster, secrets),
    hosts: new NetnsCloudHosts(cluster, options.unreachable),
    api: new NetnsCloudApi(cluster),
    plays: new NetnsKollaPlays(cluster, secrets, options.timers, options.secretsFolder),
  };
}
