import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetnsCluster } from './netns-cluster.ts';

/** What Kolla's script does in its container, into the volume that is `/backup` here. */
export async function backUp(cluster: NetnsCluster, host: string, kind: 'full' | 'incremental'): Promise<void> {
  const script = `mkdir -p /backup; exec sh /usr/lib/tandem/mariadb-backup.sh ${kind}`;
  await cluster.read(host, ['sh', '-ec', script]);
}

/** As `genconfig` writes certificates: to where the container's files are copied from. */
export async function writeCertificates(
  cluster: NetnsCluster,
  host: string,
  secrets: string | undefined,
): Promise<void> {
  for (const name of ['haproxy.pem', 'haproxy-internal.pem']) {
    const source = join(secrets ?? '', 'certificates', name);
    if (secrets === undefined || !existsSync(source)) continue;
    await mkdir(cluster.path(host, '/etc/kolla/haproxy'), { recursive: true });
    await copyFile(source, cluster.path(host, `/etc/kolla/haproxy/${name}`));
  }
}
