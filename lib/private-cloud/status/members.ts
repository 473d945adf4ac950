import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import type { Membership, QueueMembers, RaftMember } from '../members/membership.ts';
import type { ExpectedCloud } from './expected.ts';
import type { Area, Difference } from './report.ts';

/** Copies of a quorum queue or a stream, however many brokers there are. */
const COPIES = 3;
/** Queues of one fault that are named. */
const NAMED = 3;

/** Who belongs to what, compared with who should. What was not answered is a difference, unless its host answers nothing at all. Pure. */
export function compareMembers(
  { places }: ExpectedCloud,
  membership: Membership,
  isUp: (host: string) => boolean,
): Difference[] {
  const { unanswered, database, brokers, queues, raft, vips } = membership;
  const silent = unanswered.filter(({ host }) => isUp(host));
  const uuids = new Set(database.map(({ uuid }) => uuid));
  const all = [...places.brokers].sort().join(', ');
  return [
    ...silent.map(({ host, what, why }) => differs(AREA_OF[what], host, 'answers', why)),
    ...database.flatMap(({ host, size, synced }) => [
      ...(synced ? [] : [differs('database', host, 'Synced in the primary component', 'is not synced')]),
      ...(size === places.database.length
        ? []
        : [differs('database', host, `counts ${counted(places.database.length, 'member')}`, `counts ${size}`)]),
    ]),
    ...(uuids.size > 1 ? [differs('database', 'mariadb', 'one cluster', `${uuids.size} clusters`)] : []),
    ...brokers.flatMap(({ host, running, known, partitions }) => [
      ...(running.join(', ') === all ? [] : [differs('brokers', host, `sees ${all}`, `sees ${running.join(', ')}`)]),
      ...(partitions.length === 0
        ? []
        : [differs('brokers', host, 'no partition', `parted from ${partitions.join(', ')}`)]),
      ...known
        .filter((each) => !places.brokers.includes(each))
        .map((each) => differs('brokers', host, `${each} is no member`, 'counts it')),
    ]),
    ...queueFaults(queues, places.brokers.length),
    ...[...Map.groupBy(raft, (each) => each.database)].flatMap(([name, members]) =>
      raftFaults(name, members, places.raft),
    ),
    // A holder among those that do not answer is one.
    ...vips
      .filter(({ hosts }) => hosts.length > 1 || (hosts.length === 0 && places.balancers.every(isUp)))
      .map(({ address, hosts }) =>
        differs(
          'VIPs',
          address,
          'one host has it',
          hosts.length === 0 ? 'none has it' : `${hosts.join(' and ')} have it`,
        ),
      ),
  ];
}

const AREA_OF = {
  database: 'database',
  broker: 'brokers',
  queues: 'queues',
  raft: 'OVN databases',
  vips: 'VIPs',
} as const;

function queueFaults(queues: readonly QueueMembers[], brokers: number): Difference[] {
  const wanted = Math.min(COPIES, brokers);
  const few = queues.filter(({ members }) => members.length < wanted);
  const off = queues.filter(({ members, online }) => members.some((each) => !online.includes(each)));
  const headless = queues.filter(({ leader }) => leader === undefined);
  const fault = (expected: string, faulty: readonly QueueMembers[]): Difference[] => {
    if (faulty.length === 0) return [];
    const some = `${faulty.length} of ${counted(queues.length, 'queue or stream', 'queues and streams')}`;
    const each = faulty.map(({ name, members, online }) => `${name} (${online.length} of ${members.length} online)`);
    return [differs('queues', some, expected, firstOf(each, NAMED))];
  };
  return [
    ...fault(`each has ${counted(wanted, 'copy', 'copies')}`, few),
    ...fault('every copy is online', off),
    ...fault('each has a leader', headless),
  ];
}

function raftFaults(database: string, members: readonly RaftMember[], places: readonly string[]): Difference[] {
  const leaders = members.filter(({ role }) => role === 'leader').length;
  const wanted = [...places].sort().join(', ');
  return [
    ...(leaders === 1 ? [] : [differs('OVN databases', database, 'one leader', `${leaders} leaders`)]),
    ...members.flatMap(({ host, servers }) => {
      const counts = servers.map((each) => each.host ?? each.address).sort();
      return counts.join(', ') === wanted
        ? []
        : [differs('OVN databases', `${database} on ${host}`, `counts ${wanted}`, `counts ${counts.join(', ')}`)];
    }),
  ];
}

function differs(area: Area, subject: string, expected: string, found: string): Difference {
  return { area, subject, expected, found };
}
