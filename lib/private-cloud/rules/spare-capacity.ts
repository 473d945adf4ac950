import type { Problem } from '../../config/diagnostic.ts';
import { linkDemandsOn } from '../../config/link/demand.ts';
import { type LeaseInputs, leasesOn } from '../../config/placed-leases.ts';
import type { Entity } from '../../config/project.ts';
import { checkCapacity } from '../../config/rules/capacity.ts';
import type { RuleInput } from '../../config/rules/rule.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Lease } from '../../config/schema/lease.ts';
import { counted } from '../../text/plural.ts';
import { placeOnCloud } from '../placement/placement.ts';
import { type HostShortage, shortageOf } from '../placement/survival.ts';
import { survivedDomains } from '../topology/failure-domains.ts';
import { topologyOf } from '../topology/topology.ts';
import { isHighlyAvailable, list } from './availability-level.ts';

/**
 * All leases of a highly available cloud fit on it, server by server, and still do after the loss of any one host, rack, power feed or
 * switch: each server in its zone, on another host than the rest of its group. Reported at the first lease that does not fit. Where the sums
 * alone do not fit, `no-capacity` reports it already.
 */
export function checkSpareCapacity(input: RuleInput): Problem[] {
  if (input.organisation === undefined) return [];
  return [...input.clouds.values()].flatMap((cloud) => {
    if (!isHighlyAvailable(cloud.value)) return [];
    if (checkCapacity({ ...input, clouds: new Map([[cloud.name, cloud]]) }).length > 0) return [];
    return problemsOf(input, cloud);
  });
}

function problemsOf(input: LeaseInputs, cloud: Entity<Cloud>): Problem[] {
  const leases = leasesOn(input, cloud.name);
  const servers = leases.map(({ demand }) => demand.servers);
  const first = linkDemandsOn(input.links, cloud).flatMap((each) => each.servers);
  const domains = survivedDomains(cloud.value, topologyOf(cloud.name, cloud.value));
  const tryFirst = (count: number) =>
    shortageOf(placeOnCloud(cloud.value, [...first, ...servers.slice(0, count).flat()]), domains);
  if (tryFirst(leases.length) === undefined) return [];
  // Leases only add: the first count that fails is found by halving.
  let [fits, fails] = [0, leases.length];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (tryFirst(middle) === undefined) fits = middle;
    else fails = middle;
  }
  const lease = leases[fails - 1];
  const shortage = tryFirst(fails);
  return lease === undefined || shortage === undefined ? [] : [problemOf(cloud, lease.lease, shortage)];
}

function problemOf(cloud: Entity<Cloud>, lease: Entity<Lease>, shortage: HostShortage): Problem {
  const { domain, unplaced, proof } = shortage;
  const at = lease.origin.at('blueprint');
  const who = list(unplaced.map(({ server }) => server.id));
  const when = domain === undefined ? 'on all hosts' : `without ${domain.kind} ${domain.name}`;
  const sure =
    proof ?? 'Tandem, which places the largest first, found no room; another order might fit, but Nova tries none';
  const message = `got "${lease.value.blueprint}"; from this lease on, ${counted(unplaced.length, 'server has', 'servers have')} no host on cloud ${cloud.name} ${when} (${who}): ${sure}`;
  const apart = unplaced.every(({ why }) => why === 'apart');
  const fix = apart
    ? 'lower the count of the tier, write placement: any, or add hosts to the zone'
    : 'lower counts or flavors, end or freeze a lease, or add hosts to the zone';
  const code = domain === undefined ? 'no-placement' : apart ? 'no-spare-host' : 'no-spare-capacity';
  return at.problem(code, message, fix);
}
