import { counted } from '../../text/plural.ts';
import type { Membership } from './membership.ts';
import type { Expectation } from './step.ts';

type AboutMembers = Extract<Expectation, { hosts: unknown }>;

/**
 * What the members say that is not as expected, in sentences; empty where all is. Of two clusters that both work, of a member that is only
 * counted, and of a queue that has too few copies, a container's health says nothing. Pure.
 */
export function unmet({ kind, hosts, perhaps = [] }: AboutMembers, membership: Membership): string[] {
  const about = { database: ['database'], brokers: ['broker', 'queues'], raft: ['raft'], vips: ['vips'] }[kind];
  const silent = membership.unanswered.filter(({ host, what }) => about.includes(what) && hosts.includes(host));
  const problems = silent.map(({ host, what, why }) => `${host}, asked about its ${what}: ${why}`);
  if (problems.length > 0) return problems;
  if (kind === 'database') return databaseProblems(hosts, perhaps, membership);
  if (kind === 'brokers') return brokerProblems(hosts, perhaps, membership);
  return kind === 'raft' ? raftProblems(hosts, perhaps, membership) : vipProblems(hosts, membership);
}

function databaseProblems(hosts: readonly string[], perhaps: readonly string[], { database }: Membership): string[] {
  const members = database.filter(({ host }) => hosts.includes(host));
  const problems = missing(hosts, members, 'has no MariaDB that answers');
  for (const { host, size, synced } of members) {
    if (!synced) problems.push(`MariaDB on ${host} is not synced`);
    if (size < hosts.length || size > hosts.length + perhaps.length)
      problems.push(`MariaDB on ${host} sees ${counted(size, 'member')}, not ${hosts.length}`);
  }
  if (new Set(members.map(({ uuid }) => uuid)).size > 1) problems.push('the members of MariaDB are two clusters');
  return problems;
}

function brokerProblems(
  hosts: readonly string[],
  perhaps: readonly string[],
  { brokers, queues }: Membership,
): string[] {
  const members = brokers.filter(({ host }) => hosts.includes(host));
  const problems = missing(hosts, members, 'has no broker that answers');
  for (const { host, running, known, partitions } of members) {
    if (!same(running, hosts, perhaps))
      problems.push(`the broker on ${host} sees ${list(running)} running, not ${list(hosts)}`);
    if (!same(known, hosts, perhaps)) problems.push(`the broker on ${host} counts ${list(known)}, not ${list(hosts)}`);
    if (partitions.length > 0) problems.push(`the broker on ${host} was parted from ${list(partitions)}`);
  }
  for (const { name, type, members: copies, online } of queues) {
    const what = `the ${type === 'stream' ? 'stream' : 'queue'} ${name}`;
    const elsewhere = copies.filter((host) => !hosts.includes(host) && !perhaps.includes(host));
    if (elsewhere.length > 0) problems.push(`${what} still has a copy on ${list(elsewhere)}`);
    const wanted = Math.min(3, hosts.length);
    if (copies.length < wanted) problems.push(`${what} has ${counted(copies.length, 'copy', 'copies')}, not ${wanted}`);
    const away = copies.filter((host) => hosts.includes(host) && !online.includes(host));
    if (away.length > 0) problems.push(`the copy of ${what} on ${list(away)} does not work`);
  }
  return problems;
}

function raftProblems(hosts: readonly string[], perhaps: readonly string[], { raft }: Membership): string[] {
  return (['OVN_Northbound', 'OVN_Southbound'] as const).flatMap((database) => {
    const members = raft.filter((each) => each.database === database && hosts.includes(each.host));
    const problems = missing(hosts, members, `has no ${database} that answers`);
    if (!members.some(({ role }) => role === 'leader')) problems.push(`${database} has no leader`);
    for (const { host, role, servers } of members) {
      const counts = servers.map((server) => server.host ?? server.address);
      if (!same(counts, hosts, perhaps))
        problems.push(`${database} on ${host} counts ${list(counts)}, not ${list(hosts)}`);
      if (role !== 'leader' && role !== 'follower') problems.push(`${database} on ${host} is ${role}`);
    }
    return problems;
  });
}

function vipProblems(hosts: readonly string[], { vips }: Membership): string[] {
  return vips.flatMap(({ address, hosts: holders }) => {
    const own = holders.filter((host) => hosts.includes(host));
    if (own.length === 1) return [];
    return [own.length === 0 ? `nobody has ${address}` : `${list(own)} both have ${address}`];
  });
}

function missing(hosts: readonly string[], members: readonly { readonly host: string }[], what: string): string[] {
  return hosts.filter((host) => !members.some((member) => member.host === host)).map((host) => `${host} ${what}`);
}

function same(one: readonly string[], other: readonly string[], more: readonly string[]): boolean {
  const own = one.filter((host) => other.includes(host) || !more.includes(host));
  return [...own].sort().join(' ') === [...other].sort().join(' ');
}

function list(hosts: readonly string[]): string {
  return hosts.length === 0 ? 'none' : hosts.join(', ');
}
