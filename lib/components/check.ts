import type { Finding } from '../bring-up/component.ts';
import { type AnyComponent, inputsOf, type TierSoftware } from '../bring-up/tier-software.ts';
import { demandOf, type TierDemand } from '../config/demand.ts';
import type { Problem } from '../config/diagnostic.ts';
import { linkDiscovery } from '../config/link/discovery.ts';
import type { Origin } from '../config/origin.ts';
import { ownEntry } from '../config/own-entry.ts';
import { placedLeases } from '../config/placed-leases.ts';
import { allBlueprints, type Entity, linkOf } from '../config/project.ts';
import type { RuleInput } from '../config/rules/rule.ts';
import { unknownName } from '../config/rules/unknown-name.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Lease } from '../config/schema/lease.ts';
import type { Link } from '../config/schema/link.ts';
import { checkShape } from '../config/shape.ts';
import { environmentSoftware, ownSettings, quorumsOf } from './environment-software.ts';
import { type Registry, registryOf } from './registry.ts';
import { serversByZone, zoneLosses, zonesNeeded } from './zone-loss.ts';

/** A blueprint where it runs: under a lease, or as it is on the default cloud where nobody leases it. */
interface Placement {
  readonly name: string;
  readonly blueprint: Entity<Blueprint>;
  readonly cloud: Entity<Cloud>;
  readonly lease: Entity<Lease> | undefined;
  readonly tiers: readonly TierDemand[];
}

/** Components are known, their settings are theirs, and what they ask of count, zones and flavor holds wherever a blueprint is leased. */
export function checkComponents(input: RuleInput): Problem[] {
  const registry = registryOf(input.components);
  return [
    ...allBlueprints(input).flatMap((blueprint) => settingsOf(blueprint, registry)),
    ...placementsOf(input).flatMap((placement) => placed(placement, registry, input.links)),
  ];
}

function settingsOf({ value, origin }: Entity<Blueprint>, registry: Registry): Problem[] {
  const tiers = Object.keys(value.tiers);
  return Object.entries(value.tiers).flatMap(([tier, { runs }]) =>
    Object.entries(runs).flatMap(([name, run]) => {
      const at = origin.at('tiers', tier, 'runs', name);
      const component = registry.get(name);
      if (component === undefined) {
        const free = [...registry.keys()].filter((each) => !Object.hasOwn(runs, each));
        return [unknownName(at, 'component', name, free, { key: true })];
      }
      const settings = ownSettings(run);
      return [...checkShape(component.settings, settings, at).problems, ...unknownTiers(settings, at, tiers)];
    }),
  );
}

function unknownTiers(value: unknown, at: Origin, tiers: readonly string[]): Problem[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => unknownTiers(each, at.at(index), tiers));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'tier' && typeof inner === 'string' && !tiers.includes(inner)
      ? [unknownName(at.at('tier'), 'tier', inner, tiers)]
      : unknownTiers(inner, at.at(key), tiers),
  );
}

function placementsOf(input: RuleInput): Placement[] {
  const leased = placedLeases(input).map(
    ({ lease, blueprint, cloud, demand }): Placement => ({
      name: lease.name,
      blueprint,
      cloud,
      lease,
      tiers: demand.tiers,
    }),
  );
  const cloud = input.clouds.get(input.organisation?.value.defaultCloud ?? '');
  const names = new Set([...input.leases.values()].map(({ value }) => value.blueprint));
  const free = [...input.blueprints.values()].flatMap((blueprint): Placement[] => {
    if (cloud === undefined || names.has(blueprint.name)) return [];
    const { name } = blueprint;
    const { tiers } = demandOf({ name, blueprint: blueprint.value, cloud: cloud.value });
    return [{ name, blueprint, cloud, lease: undefined, tiers }];
  });
  // Only where the cloud is one of those that a rule of its topology may look at.
  return [...leased, ...free].filter((each) => input.clouds.has(each.cloud.name));
}

function placed(placement: Placement, registry: Registry, links: RuleInput['links']): Problem[] {
  const { name: environment, cloud, tiers, blueprint } = placement;
  const link = blueprint.value.link ? linkOf(links, cloud.name) : undefined;
  const discovery = link === undefined ? undefined : linkDiscovery(link);
  const software = environmentSoftware(registry, { environment, cloud: cloud.value, tiers, discovery });
  return tiers.flatMap((tier) => {
    const own = software.get(tier.name);
    if (own === undefined || tier.count === 0) return [];
    return own.runs.flatMap(({ component, settings }) => [
      ...findings(component, own, settings).map((finding) => toProblem(finding, placement, tier, component)),
      ...zones(placement, tier, own, component),
      ...secrets(placement, tier, component),
      ...(component.asksDiscovery?.(settings) === true ? undiscovered(placement, tier, component, link) : []),
    ]);
  });
}

function findings(component: AnyComponent, software: TierSoftware, settings: object): readonly Finding[] {
  return component.check?.(inputsOf(software, settings)) ?? [];
}

function toProblem(
  { at, code, message, fix }: Finding,
  placement: Placement,
  tier: TierDemand,
  component: AnyComponent,
): Problem {
  const [what, ...path] = at;
  const origin =
    what === 'settings'
      ? placement.blueprint.origin.at('tiers', tier.name, 'runs', component.name, ...path)
      : saidBy(placement, tier.name, what);
  return origin.problem(code, message, fix);
}

/** Where a lease may differ from its blueprint: who says it. */
function saidBy({ lease, blueprint }: Placement, tier: string, key: 'count' | 'flavor'): Origin {
  const own = lease === undefined ? undefined : ownEntry(lease.value.tiers, tier)?.[key];
  return (lease === undefined || own === undefined ? blueprint : lease).origin.at('tiers', tier, key);
}

/** A quorum that must go on without any zone, and does not. */
function zones(
  placement: Placement,
  { name, tier, count }: TierDemand,
  software: TierSoftware,
  component: AnyComponent,
): Problem[] {
  const quorum = quorumsOf(software).get(component.name);
  // A single member promises nothing.
  if (quorum === undefined || quorum.members < 2 || tier.survives === 'server') return [];
  const names = tier.placement === 'spread' ? software.inputs.zones : [];
  const { members } = quorum;
  const byZone = names.length === 0 ? new Map([['', members]]) : serversByZone(names, placement.name, name, members);
  const worst = zoneLosses(byZone, quorum).find(({ serves }) => !serves);
  if (worst === undefined) return [];
  const { title } = component;
  const where = worst.zone === '' ? 'they may all stand in one zone' : `zone ${worst.zone} has ${worst.lost} of them`;
  const message = `got ${count}; ${where}, and without it ${worst.left} of ${members} are left of the ${quorum.needed} that ${title} needs`;
  const enough = zonesNeeded(quorum);
  const others = enough === undefined || names.length < enough ? '' : ' and placement: spread';
  const fix =
    enough === undefined
      ? `write 3 or more, or survives: server for the tier`
      : `write survives: server for the tier, or lease it on a cloud of ${enough} zones or more${others}`;
  return [saidBy(placement, name, 'count').problem('zone-holds-majority', message, fix)];
}

/** Secrets that servers could not get: their cloud does not say from whom. */
function secrets({ blueprint, cloud, lease }: Placement, { name }: TierDemand, component: AnyComponent): Problem[] {
  if ((component.secrets ?? []).length === 0 || cloud.value.bootSecrets !== undefined) return [];
  const where =
    lease === undefined
      ? `cloud ${cloud.name}, the default,`
      : `cloud ${cloud.name}, where lease ${lease.name} puts it,`;
  return [
    blueprint.origin
      .at('tiers', name, 'runs', component.name)
      .problem(
        'no-boot-secrets',
        `got ${component.name}; ${component.title} needs secrets, and ${where} does not say how its servers get them`,
        `write bootSecrets: { service: barbican } in config/clouds/${cloud.name}.yaml, or let it name a Vault`,
        { key: true },
      ),
  ];
}

/** Discovery that is asked for, and not there; that the cloud has no link at all is said of the blueprint. */
function undiscovered(
  { blueprint, cloud }: Placement,
  { name }: TierDemand,
  component: AnyComponent,
  link: Entity<Link> | undefined,
): Problem[] {
  const at = blueprint.origin.at('tiers', name, 'runs', component.name, 'servers');
  if (!blueprint.value.link) {
    const message = 'got link; the network of the blueprint is joined to none, for it does not say `link: true`';
    return [at.problem('no-discovery', message, 'write link: true into the blueprint, or name a tier of its own')];
  }
  if (link === undefined || link.value.discovery !== undefined) return [];
  const message = `got link; link ${link.name} of cloud ${cloud.name} has no servers of Consul`;
  return [at.problem('no-discovery', message, `write \`discovery: {}\` into ${link.file}, or name a tier`)];
}
