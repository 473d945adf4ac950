import type { Component } from '../../bring-up/component.ts';
import type { TierSoftware } from '../../bring-up/tier-software.ts';
import { linkNameOf } from '../../config/link/name.ts';
import { ownEntry } from '../../config/own-entry.ts';
import type { Named } from '../../config/project.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { Link } from '../../config/schema/link.ts';
import { mirrorsOf } from '../environment-software.ts';

export interface LinkTier<S extends object> {
  /** Name of the tier: its servers are `link-<link>-<tier>-1` and so on. */
  readonly tier: string;
  readonly count: number;
  readonly zones: readonly string[];
  /** Name of their flavor. */
  readonly flavor: string;
  readonly component: Component<S>;
  readonly settings: S;
}

/** Where the cloud lacks a flavor, which validation tells: the least that any has. */
const SMALLEST = { vcpus: 1, memoryMiB: 1024, diskGiB: 10 };

/** What servers of a link run in its cloud: one component. Pure. */
export function linkTierSoftware<S extends object>(
  link: Pick<Named<Link>, 'name'>,
  { value: cloud }: Pick<Named<Cloud>, 'value'>,
  { tier, count, zones, flavor, component, settings }: LinkTier<S>,
): TierSoftware {
  const environment = linkNameOf(link.name);
  return {
    inputs: {
      tier,
      environment,
      zone: `${environment}.${cloud.dns.zone}`,
      nameServers: cloud.dns.nameServers,
      count,
      zones,
      flavor: ownEntry(cloud.flavors, flavor) ?? SMALLEST,
      counts: { [tier]: count },
      runs: { [tier]: { [component.name]: settings } },
    },
    runs: [{ component, settings }],
    ...mirrorsOf(cloud),
  };
}
