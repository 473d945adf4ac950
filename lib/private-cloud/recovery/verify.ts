import type { Membership } from '../members/membership.ts';
import type { MemberPlaces } from '../members/questions.ts';
import type { Expectation, RecoveryPlaces } from './plan.ts';

const MEMBERS: readonly Expectation[] = ['database', 'brokers', 'raft', 'balancers'];

/** Whom to ask for an expectation alone: a broker that only starts may answer minutes after everything else has. Pure. */
export function askedFor(places: MemberPlaces, expects: Expectation): MemberPlaces {
  const others = MEMBERS.filter((each) => each !== expects).map((each) => [each, []] as const);
  return { ...places, ...Object.fromEntries(others) };
}

/** What is not yet as it must be after a step; undefined where all members agree. Pure. */
export function faultAfter(membership: Membership, expects: Expectation, places: RecoveryPlaces): string | undefined {
  const hosts = places[expects];
  switch (expects) {
    case 'database': {
      const synced = membership.database.filter((each) => each.synced && each.size >= hosts.length);
      if (new Set(synced.map(({ uuid }) => uuid)).size > 1) return 'there are two clusters of databases';
      return absent(hosts, synced, 'is no synced member of the database');
    }
    case 'brokers': {
      const together = membership.brokers.filter(
        ({ running, partitions }) => partitions.length === 0 && hosts.every((host) => running.includes(host)),
      );
      const [queue] = membership.queues.filter(({ members, online }) => online.length * 2 <= members.length);
      return (
        absent(hosts, together, 'does not see every broker run') ??
        (queue === undefined ? undefined : `${queue.type} ${queue.name} has no majority`)
      );
    }
    case 'raft': {
      const asked = [...new Set(membership.raft.map(({ database }) => database))];
      if (asked.length < 2) return 'not every database of OVN answers';
      const wrong = asked.flatMap((database) => {
        const members = membership.raft.filter((each) => each.database === database);
        const leaders = members.filter(({ role }) => role === 'leader').length;
        const missing = absent(hosts, members, `has no member of ${database}`);
        return missing ?? (leaders === 1 ? [] : [`${database} has ${leaders} leaders`]);
      });
      return wrong[0];
    }
    case 'balancers': {
      const wrong = membership.vips.find((vip) => vip.hosts.length !== 1);
      return wrong === undefined ? undefined : `${wrong.address} is on ${wrong.hosts.length} hosts`;
    }
  }
}

function absent(hosts: readonly string[], members: readonly { host: string }[], what: string): string | undefined {
  const missing = hosts.find((host) => !members.some((member) => member.host === host));
  return missing === undefined ? undefined : `${missing} ${what}`;
}
