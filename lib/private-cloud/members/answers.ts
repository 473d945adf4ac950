import { jsonIn } from '../../text/json.ts';
import type { BrokerMember, DatabaseMember, QueueMembers, RaftDatabase, RaftMember } from './membership.ts';

/**
 * What members said, understood. Each gives undefined for an answer that is none (a member that starts or stops says something else), so
 * that it is never taken for a membership. Pure.
 */

/** `SHOW GLOBAL STATUS LIKE 'wsrep_%'`, name and value a line. */
export function readWsrep(stdout: string): ReadonlyMap<string, string> {
  return new Map([...stdout.matchAll(/^(wsrep_\w+)\t(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

export function readDatabase(host: string, stdout: string): DatabaseMember | undefined {
  const status = readWsrep(stdout);
  const size = Number(status.get('wsrep_cluster_size') ?? Number.NaN);
  const uuid = status.get('wsrep_cluster_state_uuid');
  if (!Number.isInteger(size) || uuid === undefined) return undefined;
  const isPrimary = status.get('wsrep_cluster_status') === 'Primary';
  return { host, size, uuid, synced: isPrimary && status.get('wsrep_local_state_comment') === 'Synced' };
}

interface ClusterStatus {
  readonly running_nodes?: unknown;
  readonly disk_nodes?: unknown;
  readonly partitions?: unknown;
}

/** `rabbitmqctl cluster_status`. */
export function readBroker(host: string, stdout: string): BrokerMember | undefined {
  const status = fromJson(stdout) as ClusterStatus | undefined;
  const running = hostsIn(status?.running_nodes);
  const known = hostsIn(status?.disk_nodes);
  if (running === undefined || known === undefined) return undefined;
  const partitions = Object.values(status?.partitions ?? {}).flatMap((nodes) => hostsIn(nodes) ?? []);
  return { host, running, known, partitions: unique(partitions) };
}

interface Listed {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly members?: unknown;
  readonly online?: unknown;
  readonly leader?: unknown;
}

/** `rabbitmqctl list_queues`; classic queues, which have one copy, are left out. */
export function readQueues(stdout: string): QueueMembers[] | undefined {
  const listed = fromJson(stdout);
  if (!Array.isArray(listed)) return undefined;
  return (listed as Listed[]).flatMap(({ name, type, members, online, leader }): QueueMembers[] => {
    const kind = ['quorum', 'stream'].find((each) => String(type).includes(each)) as QueueMembers['type'] | undefined;
    if (kind === undefined) return [];
    const copies = { name: String(name), type: kind, members: hostsIn(members) ?? [], online: hostsIn(online) ?? [] };
    // A queue without a leader has none to name: then the column holds an empty text or "undefined".
    return [typeof leader === 'string' && leader.includes('@') ? { ...copies, leader: hostOf(leader) } : copies];
  });
}

/** `cluster/status`. @param addresses by host */
export function readRaft(
  host: string,
  database: RaftDatabase,
  stdout: string,
  addresses: ReadonlyMap<string, string>,
): RaftMember | undefined {
  const status = /^Status: (.+)$/m.exec(stdout)?.[1];
  const role = /^Role: (.+)$/m.exec(stdout)?.[1];
  if (status === undefined || role === undefined) return undefined;
  const hosts = new Map([...addresses].map(([name, address]) => [address, name]));
  const lines = [...stdout.matchAll(/^ +\S+ \(([0-9a-f]{4}) at ((?:tcp|ssl):(?:\[([^\]]+)\]|([^:]+)):\d+)\)/gm)];
  const servers = lines.map(([, id = '', address = '', six, four = '']) => ({
    ...{ id, address, host: hosts.get(six ?? four) },
  }));
  return { database, host, role: status === 'cluster member' ? role : status, servers };
}

interface Interface {
  readonly addr_info?: readonly { readonly local?: string }[];
}

/** `ip -json address show`: every address of a host. */
export function readAddresses(stdout: string): readonly string[] | undefined {
  const interfaces = fromJson(stdout);
  if (!Array.isArray(interfaces)) return undefined;
  return (interfaces as Interface[]).flatMap(({ addr_info: addresses = [] }) =>
    addresses.flatMap(({ local }) => (local === undefined ? [] : [local])),
  );
}

/** From the first bracket on: tools print warnings before it. */
function fromJson(stdout: string): unknown {
  const start = stdout.search(/^\s*[[{]/m);
  return start < 0 ? undefined : jsonIn(stdout.slice(start));
}

function hostsIn(nodes: unknown): string[] | undefined {
  return Array.isArray(nodes) ? unique(nodes.map((node) => hostOf(String(node)))).sort() : undefined;
}

/** `rabbit@control-a-1` is on control-a-1. */
function hostOf(node: string): string {
  return node.replace(/^[^@]*@/, '');
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
