import type { Cloud } from '../../config/schema/cloud.ts';
import type { Topology, TopologyHost } from './topology.ts';

/** Something whose loss takes hosts away at once. */
export interface FailureDomain {
  readonly kind: 'host' | 'rack' | 'power feed' | 'switch';
  readonly name: string;
  /** Hosts that are then off or cut off. */
  readonly hosts: readonly string[];
}

/**
 * Each host, rack, power feed and switch, by itself. Those that take nothing away, because there is a second one, and those that take
 * what another takes already are left out.
 */
function failureDomainsOf({ hosts, racks, powerFeeds, switches }: Topology): FailureDomain[] {
  const seen = new Set<string>();
  const domain = (
    kind: FailureDomain['kind'],
    name: string,
    isGone: (host: TopologyHost) => boolean,
  ): FailureDomain[] => {
    const gone = hosts.filter(isGone).map((host) => host.name);
    const key = gone.join(' ');
    if (gone.length === 0 || seen.has(key)) return [];
    seen.add(key);
    return [{ kind, name, hosts: gone }];
  };
  return [
    ...hosts.flatMap(({ name }) => domain('host', name, (host) => host.name === name)),
    ...racks.flatMap((rack) => domain('rack', rack, (host) => host.rack === rack)),
    ...powerFeeds.flatMap((feed) =>
      domain('power feed', feed, (host) => host.powerFeeds.every((each) => each === feed)),
    ),
    ...switches.flatMap((name) => domain('switch', name, (host) => host.switches.every((each) => each === name))),
  ];
}

/** Those that a cloud promises to survive: all, or hosts alone where it says so. */
export function survivedDomains({ survives }: Pick<Cloud, 'survives'>, topology: Topology): FailureDomain[] {
  return failureDomainsOf(topology).filter(({ kind }) => kind === 'host' || survives !== 'host');
}
