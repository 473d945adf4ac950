import { TandemError } from '../../errors/tandem-error.ts';
import type { CloudHosts } from '../../private-cloud/members/ports.ts';
import type { MemberPlaces } from '../../private-cloud/members/questions.ts';
import { recoveryNotNeeded } from '../../private-cloud/recovery/errors.ts';
import {
  askGrastate,
  askStarts,
  type GaleraPosition,
  type MissingHost,
  readPosition,
} from '../../private-cloud/recovery/position.ts';
import { askedFor } from '../../private-cloud/recovery/verify.ts';
import { printableLine } from '../../text/printable.ts';
import { askMembership } from '../members/ask.ts';

/** What a dark cloud says of itself; nothing was changed for it. */
export interface DarkCloud {
  readonly positions: readonly GaleraPosition[];
  /** Hosts with a database that did not answer, or did not show what it had written. */
  readonly missing: readonly MissingHost[];
}

/**
 * Asks every host how far its database had come. Reads only.
 * @param volumes folder of all volumes on each host
 * @throws TandemError `recovery-not-needed` where any database runs in a primary component
 */
export async function lookAtDarkCloud(
  cloud: string,
  hosts: CloudHosts,
  places: MemberPlaces,
  volumes: string,
  signal: AbortSignal,
): Promise<DarkCloud> {
  const { database } = await askMembership(hosts, askedFor(places, 'database'), signal);
  const alive = database.filter(({ synced }) => synced).map(({ host }) => host);
  if (alive.length > 0) throw recoveryNotNeeded(cloud, alive, places.database.length);
  const missing: MissingHost[] = [];
  const asked = places.database.map(async (host): Promise<readonly GaleraPosition[]> => {
    try {
      const [grastate, starts] = await Promise.all([
        hosts.run(askGrastate(host, volumes), signal),
        hosts.run(askStarts(host, volumes), signal),
      ]);
      if (grastate.code === 0) return [readPosition(host, grastate.stdout, starts.stdout)];
      missing.push({ host, why: `does not show its database’s files (${printableLine(grastate.stderr.trim())})` });
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== 'host-unreachable') throw error;
      missing.push({ host, why: 'does not answer' });
    }
    return [];
  });
  const positions = (await Promise.all(asked)).flat();
  return { positions, missing: missing.toSorted((one, other) => (one.host < other.host ? -1 : 1)) };
}
