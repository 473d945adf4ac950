import type { Quorum } from '../bring-up/component.ts';
import { inputsOf, type TierSoftware } from '../bring-up/tier-software.ts';
import type { TierDemand } from '../config/demand.ts';
import type { LinkDiscovery } from '../config/link/discovery.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Registry } from './registry.ts';

export interface EnvironmentInputs {
  /** Name of the lease. */
  readonly environment: string;
  readonly cloud: Pick<Cloud, 'zones' | 'dns' | 'mirrors'>;
  readonly tiers: readonly TierDemand[];
  /** As `TierInputs` has it. */
  readonly discovery?: LinkDiscovery | undefined;
}

type Run = Blueprint['tiers'][string]['runs'][string];

/** Settings of a component as its own schema has them: without those that every component has. */
export function ownSettings({ clients: _clients, ...own }: Run): Record<string, unknown> {
  return own;
}

/**
 * What the servers of each tier run, by tier; tiers that run nothing, or whose flavor the cloud lacks, have none. What a registry does
 * not know, and settings that their component refuses, are left out: validation tells of them first.
 */
export function environmentSoftware(
  registry: Registry,
  { environment, cloud, tiers, discovery }: EnvironmentInputs,
): ReadonlyMap<string, TierSoftware> {
  const parsed = new Map(tiers.map(({ name, tier }) => [name, runsOf(registry, tier.runs)] as const));
  const counts = Object.fromEntries(tiers.map(({ name, count }) => [name, count]));
  const runs = Object.fromEntries(
    [...parsed].map(([name, own]) => [
      name,
      Object.fromEntries(own.map(({ component, settings }) => [component.name, settings])),
    ]),
  );
  return new Map(
    tiers.flatMap(({ name, count, flavor }) => {
      const own = parsed.get(name) ?? [];
      if (own.length === 0 || flavor === undefined) return [];
      const software: TierSoftware = {
        inputs: {
          tier: name,
          environment,
          zone: `${environment}.${cloud.dns.zone}`,
          nameServers: cloud.dns.nameServers,
          count,
          zones: Object.keys(cloud.zones).sort(),
          flavor,
          counts,
          runs,
          discovery,
        },
        runs: own,
        ...mirrorsOf(cloud),
      };
      return [[name, software] as const];
    }),
  );
}

/** Where servers of a cloud get programs from, where it says so. */
export function mirrorsOf({ mirrors }: Pick<Cloud, 'mirrors'>): Pick<TierSoftware, 'mirrors'> {
  if (mirrors === undefined) return {};
  const named = Object.entries(mirrors).filter((each): each is [string, string] => each[1] !== undefined);
  return { mirrors: Object.fromEntries(named) };
}

function runsOf(registry: Registry, runs: Blueprint['tiers'][string]['runs']): TierSoftware['runs'] {
  return Object.entries(runs).flatMap(([name, run]) => {
    const component = registry.get(name);
    const settings = component?.settings.safeParse(ownSettings(run));
    return component === undefined || settings?.success !== true ? [] : [{ component, settings: settings.data }];
  });
}

/** The quorums of a tier, by component. */
export function quorumsOf(software: TierSoftware): ReadonlyMap<string, Quorum> {
  return new Map(
    software.runs.flatMap(({ component, settings }) => {
      const quorum = component.quorum?.(inputsOf(software, settings));
      return quorum === undefined ? [] : [[component.name, quorum] as const];
    }),
  );
}

/** Whether any server asks for the discovery of the link. */
export function asksDiscovery(software: ReadonlyMap<string, Pick<TierSoftware, 'runs'>>): boolean {
  return [...software.values()].some(({ runs }) =>
    runs.some(({ component, settings }) => component.asksDiscovery?.(settings) === true),
  );
}
