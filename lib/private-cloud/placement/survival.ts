import type { ComputeHost } from '../../config/capacity.ts';
import type { ServerDemand as Server } from '../../config/demand.ts';
import { counted } from '../../text/plural.ts';
import type { FailureDomain } from '../topology/failure-domains.ts';
import { type Placement, type Replacement, replace, type Unplaced } from './placement.ts';

/** A failure, and what it does to the servers. */
export interface Loss extends Replacement {
  readonly domain: FailureDomain;
  /**
   * Servers that ask for a zone which has hosts left, and find no room on them. Those whose zone is gone as a whole are not among
   * them: no number of hosts elsewhere helps a server that Nova keeps in its zone, and tiers spread over zones for that case.
   */
  readonly stranded: readonly Unplaced[];
}

/** Each failure that takes servers away, the worst first. */
export function lossesOf(placement: Placement, domains: readonly FailureDomain[]): Loss[] {
  const carrying = new Set(placement.hosts.map(({ name }) => name));
  return domains
    .filter(({ hosts }) => hosts.some((host) => carrying.has(host)))
    .map((domain): Loss => {
      const replacement = replace(placement, domain.hosts);
      return { domain, ...replacement, stranded: replacement.unplaced.filter(({ why }) => why !== 'zone') };
    })
    .sort((a, b) => b.stranded.length - a.stranded.length);
}

/** Servers without a host, on all hosts or after the worst failure. */
export interface HostShortage {
  /** Undefined where not even the whole cloud has room. */
  readonly domain: FailureDomain | undefined;
  readonly unplaced: readonly Unplaced[];
  /** Why no placement whatever would do; undefined where only Tandem's found none. */
  readonly proof: string | undefined;
}

/** Undefined where every server has a host, and still has after any failure. */
export function shortageOf(placement: Placement, domains: readonly FailureDomain[]): HostShortage | undefined {
  const zones = (unplaced: readonly Unplaced[]) => unplaced.map(({ server }) => server.zone);
  const { unplaced } = placement;
  if (unplaced.length > 0) {
    const proof = proofOf(placement.hosts, placement.servers, new Set(), zones(unplaced));
    return { domain: undefined, unplaced, proof };
  }
  const [worst] = lossesOf(placement, domains);
  if (worst === undefined || worst.stranded.length === 0) return undefined;
  const proof = proofOf(placement.hosts, placement.servers, new Set(worst.domain.hosts), zones(worst.stranded));
  return { domain: worst.domain, unplaced: worst.stranded, proof };
}

/** Why no placement whatever would do; undefined where only Tandem's found none. */
export function proofOf(
  hosts: readonly ComputeHost[],
  servers: readonly Server[],
  off: ReadonlySet<string>,
  zones: readonly (string | undefined)[],
): string | undefined {
  const up = hosts.filter(({ name }) => !off.has(name));
  for (const zone of new Set(zones)) {
    const here = up.filter((host) => zone === undefined || host.zone === zone);
    const staying = servers.filter(
      (server) =>
        // Servers of a zone that is gone as a whole wait for it.
        (zone === undefined || server.zone === zone) &&
        (server.zone === undefined || up.some((host) => host.zone === server.zone)),
    );
    const where = zone === undefined ? 'all zones' : `zone ${zone}`;
    for (const [key, unit] of RESOURCES) {
      const needed = staying.reduce((sum, server) => sum + server[key], 0);
      const has = here.reduce((sum, host) => sum + host[key], 0);
      if (needed > has) return `${where} would need ${needed} ${unit} and have ${has}`;
    }
    for (const [group, members] of Map.groupBy(staying, ({ group }) => group ?? '')) {
      if (group !== '' && members.length > here.length)
        return `${group} has ${members.length} servers in ${where}, never two on one host, and ${counted(here.length, 'host')} would be left`;
    }
  }
  return undefined;
}

const RESOURCES = [
  ['memoryMiB', 'MiB of memory'],
  ['vcpus', 'vCPUs'],
  ['diskGiB', 'GiB of local disk'],
] as const;
