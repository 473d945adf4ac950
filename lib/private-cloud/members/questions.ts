import type { Cloud } from '../../config/schema/cloud.ts';
import { type InventoryGroup, membersOf } from '../kolla/inventory.ts';
import type { Topology } from '../topology/topology.ts';
import type { RaftDatabase } from './membership.ts';
import type { HostCommand } from './ports.ts';

/** Whom to ask, and what is needed to understand the answers. */
export interface MemberPlaces {
  readonly database: readonly string[];
  readonly brokers: readonly string[];
  readonly raft: readonly string[];
  /** Hosts that may hold the VIPs; those alone are asked. */
  readonly balancers: readonly string[];
  readonly vips: readonly string[];
  /** Address on the internal plane, by host: of all hosts, for one that is only counted is named too. */
  readonly addresses: ReadonlyMap<string, string>;
  /** `kolla_base_distro`: where MariaDB's settings are in its container. */
  readonly baseDistro: string;
}

/** @param groups as the cloud stands, which a configuration that was changed since does not say */
export function placesOf(
  groups: readonly InventoryGroup[],
  topology: Pick<Topology, 'hosts'>,
  { vips, kolla }: Pick<Cloud, 'vips' | 'kolla'>,
): MemberPlaces {
  const addresses = topology.hosts.flatMap(({ name, addresses: { internal } }) =>
    internal === undefined ? [] : [[name, internal] as const],
  );
  return {
    database: membersOf(groups, 'mariadb'),
    brokers: membersOf(groups, 'rabbitmq'),
    raft: membersOf(groups, 'ovn-nb-db'),
    balancers: membersOf(groups, 'loadbalancer'),
    vips: [...new Set([vips?.internal, vips?.external].flatMap((vip) => (vip === undefined ? [] : [vip.address])))],
    addresses: new Map(addresses),
    baseDistro: kolla?.baseDistro ?? 'debian',
  };
}

/** As Kolla names brokers: by the host's name, which is the inventory's too. */
export function nodeOf(host: string): string {
  return `rabbit@${host}`;
}

/** With the account that Kolla's own health check uses: it may read states, and its password is in the container alone. */
export function askDatabase(host: string, { baseDistro }: Pick<MemberPlaces, 'baseDistro'>): HostCommand {
  const folder = baseDistro === 'debian' || baseDistro === 'ubuntu' ? '/etc/mysql' : '/etc';
  const query = "SHOW GLOBAL STATUS LIKE 'wsrep_%'";
  const argv = ['mariadb', `--defaults-file=${folder}/healthcheck.cnf`, '--batch', '--skip-column-names', '-e', query];
  return { host, container: 'mariadb', argv, timeoutSeconds: 20 };
}

export function askBroker(host: string): HostCommand {
  return inBroker(host, ['rabbitmqctl', '--silent', '--formatter', 'json', 'cluster_status'], 60);
}

/** Queues and streams with copies, of the whole cluster: any broker tells of all. */
export function askQueues(host: string): HostCommand {
  const columns = ['name', 'type', 'members', 'online', 'leader'];
  return inBroker(host, ['rabbitmqctl', '--silent', '--formatter', 'json', 'list_queues', ...columns], 120);
}

/** @param timeoutSeconds how long rabbitmqctl may take: one whose broker hangs waits for ever otherwise */
export function inBroker(host: string, argv: readonly string[], timeoutSeconds: number): HostCommand {
  return { host, container: 'rabbitmq', argv, timeoutSeconds };
}

/** Ports of the two databases' raft, which Kolla has no variable for. */
const RAFT_PORTS: Readonly<Record<RaftDatabase, number>> = { OVN_Northbound: 6643, OVN_Southbound: 6644 };
export const RAFT_DATABASES: readonly RaftDatabase[] = ['OVN_Northbound', 'OVN_Southbound'];

export function askRaft(host: string, database: RaftDatabase): HostCommand {
  return inRaft(host, database, ['cluster/status', database]);
}

export function inRaft(host: string, database: RaftDatabase, command: readonly string[]): HostCommand {
  const short = database === 'OVN_Northbound' ? 'nb' : 'sb';
  const argv = ['ovs-appctl', '-t', `/var/run/ovn/ovn${short}_db.ctl`, ...command];
  return { host, container: `ovn_${short}_db`, argv, timeoutSeconds: 20 };
}

/** As raft knows a member: `tcp:10.10.0.41:6643`, an IPv6 address in brackets. */
export function raftAddress(address: string, database: RaftDatabase): string {
  return `tcp:${address.includes(':') ? `[${address}]` : address}:${RAFT_PORTS[database]}`;
}

export function askAddresses(host: string): HostCommand {
  return { host, argv: ['ip', '-json', 'address', 'show'], timeoutSeconds: 20 };
}
