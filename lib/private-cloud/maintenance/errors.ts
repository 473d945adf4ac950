import { TandemError } from '../../errors/tandem-error.ts';
import { firstOf } from '../../text/listed.ts';
import { counted } from '../../text/plural.ts';
import type { RefusedHost } from './plan.ts';
import { reasonOf } from './words.ts';

/** Hosts that are named in the message; all are in the details. */
const NAMED = 4;

export function maintenanceRefused(cloud: string, refused: readonly RefusedHost[]): TandemError {
  const said = refused.map(({ host, refusal }) => `${host}: ${reasonOf(refusal)}`);
  const hosts = refused.map(({ host }) => host);
  return new TandemError({
    code: 'maintenance-refused',
    message: `${cloud} cannot do without ${counted(refused.length, 'host')}, not even one at a time: ${firstOf(said, NAMED, '; ')}`,
    next: `add hosts to the zone or members to the service, or name other hosts; \`tandem cloud maintain ${hosts.slice(0, NAMED).join(' ')} --cloud ${cloud} --degraded\` takes them one by one where only a service stops or the spare is missing`,
    details: { cloud, refused: refused.map(({ host, refusal }) => ({ host, reason: reasonOf(refusal) })) },
  });
}

export function nothingToMaintain(cloud: string): TandemError {
  return new TandemError({
    code: 'nothing-to-maintain',
    message: 'no host was named',
    next: `name hosts, groups of config/clouds/${cloud}.yaml or racks as rack/NAME, or write \`tandem cloud maintain --all --cloud ${cloud}\``,
    details: { cloud },
  });
}
