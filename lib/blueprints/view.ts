import type { AnyComponent, TierSoftware } from '../bring-up/tier-software.ts';
import { environmentSoftware } from '../components/environment-software.ts';
import { registryOf } from '../components/registry.ts';
import { monthlyCost } from '../config/cost.ts';
import { type Demand, demandOf, type TierDemand, totalOf } from '../config/demand.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { type Survival, survivalOf } from './survival.ts';

/** A port that somebody may connect to. */
export interface OpenPort {
  /** `9042`, `5701-5703`. */
  readonly port: string;
  readonly protocol: 'tcp' | 'udp';
  /** Tiers, sources, `environment` or `world`, as the blueprint says. */
  readonly from: readonly string[];
  /** What it is for, where a component says it. */
  readonly name: string | undefined;
}

export interface TierView {
  readonly name: string;
  readonly description: string | undefined;
  readonly count: number;
  readonly flavor: string;
  readonly image: string;
  readonly placement: 'spread' | 'any';
  readonly runs: readonly { readonly name: string; readonly title: string; readonly version: string }[];
  readonly ports: readonly OpenPort[];
  /** Port of its load balancer, and who may connect. */
  readonly balancer: { readonly port: number; readonly public: boolean; readonly from: readonly string[] } | undefined;
  readonly floatingAddress: boolean;
  /** GiB of each server's volumes. */
  readonly volumeGiB: number;
  readonly survival: Survival;
}

export interface ComponentView {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly home: string;
  /** Undefined where it was not run. */
  readonly evidence: string | undefined;
}

/** A blueprint with the defaults of its parameters, as people see it. */
export interface BlueprintView {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  /** The cloud whose flavors, zones and prices are meant. */
  readonly cloud: string;
  readonly zones: readonly string[];
  readonly parameters: readonly ({ readonly name: string } & Blueprint['parameters'][string])[];
  readonly parts: readonly { readonly name: string; readonly blueprint: string }[];
  readonly tiers: readonly TierView[];
  readonly components: readonly ComponentView[];
  readonly need: Need;
  /** What it costs a month in the organisation's currency, on each cloud that has prices for all of it and asks for any. */
  readonly costs: readonly { readonly cloud: string; readonly monthly: number }[];
  readonly currency: string;
}

export interface Need {
  readonly servers: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly volumeGiB: number;
  readonly floatingAddresses: number;
  readonly loadBalancers: number;
}

/** What is to be seen of a blueprint on a cloud. Pure. */
export function viewOf(project: Project, blueprint: Entity<Blueprint>, cloud: Entity<Cloud>): BlueprintView {
  const { name, file, value } = blueprint;
  const lease = { tiers: {}, state: 'active' } as const;
  const demand = demandOf({ name, lease, blueprint: value, cloud: cloud.value });
  const software = environmentSoftware(registryOf(project.components), {
    environment: name,
    cloud: cloud.value,
    tiers: demand.tiers,
  });
  const zones = Object.keys(cloud.value.zones).sort();
  return {
    name,
    file,
    description: value.description,
    cloud: cloud.name,
    zones,
    parameters: Object.entries(value.parameters).map(([parameter, each]) => ({ name: parameter, ...each })),
    parts: Object.entries(value.parts).map(([part, { blueprint: of }]) => ({ name: part, blueprint: of })),
    tiers: demand.tiers.map((tier) => tierView(tier, zones, software.get(tier.name), value.ssh)),
    components: componentsIn(software),
    need: needOf(demand),
    costs: costsOf(project, blueprint),
    currency: project.organisation.value.currency,
  };
}

function costsOf(project: Project, { name, value }: Entity<Blueprint>): BlueprintView['costs'] {
  return [...project.clouds.values()].flatMap(({ name: cloud, value: site }) => {
    const lease = { tiers: {}, state: 'active' } as const;
    const demand = demandOf({ name, lease, blueprint: value, cloud: site });
    const isWhole = demand.tiers.every(({ flavor }) => flavor !== undefined);
    const monthly = isWhole ? monthlyCost(demand, project.prices.get(cloud)?.value) : undefined;
    return monthly === undefined || monthly === 0 ? [] : [{ cloud, monthly }];
  });
}

function tierView(
  demand: TierDemand,
  zones: readonly string[],
  software: TierSoftware | undefined,
  ssh: Blueprint['ssh'],
): TierView {
  const { name, tier, count, flavorName } = demand;
  const { loadBalancer } = tier;
  return {
    name,
    description: tier.description,
    count,
    flavor: flavorName,
    image: tier.image,
    placement: tier.placement,
    runs: (software?.runs ?? []).map(({ component: { name: id, title, version } }) => ({ name: id, title, version })),
    ports: [...entry(demand, ssh), ...listened(demand), ...spoken(demand, software)],
    balancer:
      loadBalancer === undefined
        ? undefined
        : { port: loadBalancer.port, public: loadBalancer.public, from: loadBalancer.from },
    floatingAddress: tier.floatingAddress,
    volumeGiB: Object.values(tier.volumes).reduce((sum, { sizeGiB }) => sum + sizeGiB, 0),
    survival: survivalOf(demand, zones, software),
  };
}

/** SSH from outside; from there it goes on to every tier. */
function entry({ name }: TierDemand, ssh: Blueprint['ssh']): OpenPort[] {
  return ssh?.tier === name ? [{ port: '22', protocol: 'tcp', from: ssh.from, name: 'ssh' }] : [];
}

function listened({ tier }: TierDemand): OpenPort[] {
  return tier.listens.map(({ port, lastPort = port, protocol, from }) => ({
    port: lastPort === port ? `${port}` : `${port}-${lastPort}`,
    protocol,
    from,
    name: undefined,
  }));
}

/** Ports that components open. */
function spoken({ name, tier }: TierDemand, software: TierSoftware | undefined): OpenPort[] {
  return (software?.runs ?? []).flatMap(({ component, settings }) =>
    component.ports(settings).flatMap(({ name: what, port, protocol, from }): OpenPort[] => {
      const peers = from === 'members' ? [name] : from === 'clients' ? (tier.runs[component.name]?.clients ?? []) : [];
      return peers.length === 0 ? [] : [{ port: `${port}`, protocol, from: peers, name: what }];
    }),
  );
}

function componentsIn(software: ReadonlyMap<string, TierSoftware>): ComponentView[] {
  const all = [...software.values()].flatMap(({ runs }) => runs.map(({ component }) => component));
  const byName = new Map<string, AnyComponent>(all.map((component) => [component.name, component]));
  return [...byName.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, title, version, description, home, evidence }) => ({
      name,
      title,
      version,
      description,
      home,
      evidence,
    }));
}

function needOf({ servers, volumeGiB, floatingAddresses, loadBalancers }: Demand): Need {
  return {
    servers: servers.length,
    vcpus: totalOf(servers, 'vcpus'),
    memoryGiB: Math.round(totalOf(servers, 'memoryMiB') / 1024),
    volumeGiB,
    floatingAddresses,
    loadBalancers,
  };
}
