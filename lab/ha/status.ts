import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { lockOwner } from '../openstack/lock.ts';
import { apis, galera, ovn, rabbitmq, type Verdict } from './health.ts';
import { PORTS } from './hosts.ts';
import { DEFAULT_HA_DIRECTORY, haLayout } from './layout.ts';
import { currentMembers, hostsOf } from './members.ts';
import { findCluster } from './netns-cluster.ts';

export interface HaServiceStatus {
  /** `galera on control-a-1`. */
  readonly name: string;
  readonly healthy: boolean;
  readonly detail: string;
}

export interface HaStatus {
  /** `starting`: another command is at work. `broken`: something ran, and not all of it answers. */
  readonly state: 'running' | 'starting' | 'broken' | 'stopped';
  readonly services: readonly HaServiceStatus[];
}

/** Asks every service on every controller. */
export async function haStatus(options: { readonly directory?: string } = {}): Promise<HaStatus> {
  const layout = haLayout(resolve(options.directory ?? DEFAULT_HA_DIRECTORY));
  const cluster = findCluster(layout);
  if (cluster === undefined || !existsSync(layout.lab)) {
    if ((await lockOwner(layout)) !== undefined) return { state: 'starting', services: [] };
    return { state: cluster === undefined ? 'stopped' : 'broken', services: [] };
  }
  const members = currentMembers(layout);
  const services: HaServiceStatus[] = [];
  for (const controller of hostsOf(members)) {
    const { name } = controller;
    const ask = async (what: string, check: () => Promise<Verdict>): Promise<void> => {
      const verdict = await check().catch((error: unknown) => (error as Error).message);
      services.push({ name: `${what} on ${name}`, healthy: verdict === undefined, detail: verdict ?? 'healthy' });
    };
    const { mariadb, rabbitmq: brokers, control } = members;
    if (mariadb.includes(name)) await ask('galera', () => galera(cluster, name, mariadb.length));
    if (brokers.includes(name)) await ask('rabbitmq', () => rabbitmq(cluster, name, brokers.length));
    for (const database of members['ovn-database'].includes(name) ? (['nb', 'sb'] as const) : [])
      await ask(`ovn-${database}`, () => ovn(cluster, name, database));
    for (const api of control.includes(name) ? (['keystone', 'nova', 'neutron'] as const) : [])
      await ask(api, () => apis(cluster, [controller], [PORTS[api]]));
  }
  return { state: services.every(({ healthy }) => healthy) ? 'running' : 'broken', services };
}
