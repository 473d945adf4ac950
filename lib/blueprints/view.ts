import { z } from 'zod';
import type { AnyComponent, TierSoftware } from '../bring-up/tier-software.ts';
import { environmentSoftware } from '../components/environment-software.ts';
import { registryOf } from '../components/registry.ts';
import { monthlyCost } from '../config/cost.ts';
import { type Demand, demandOf, type TierDemand, totalOf } from '../config/demand.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import type { Described } from '../text/described.ts';
import { survivalOf, survivalSchema } from './survival.ts';

const names = z.array(z.string());
const argument = z.union([z.string(), z.number(), z.boolean()]);

/** A port that somebody may connect to. */
const port = z.strictObject({
  /** `9042`, `5701-5703`. */
  port: z.string(),
  protocol: z.enum(['tcp', 'udp']),
  /** Tiers, sources, `environment` or `world`, as the blueprint says. */
  from: names,
  /** What it is for, where a component says it. */
  name: z.string().optional(),
});

const tier = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  count: z.int(),
  flavor: z.string(),
  image: z.string(),
  placement: z.enum(['spread', 'any']),
  runs: z.array(z.strictObject({ name: z.string(), title: z.string(), version: z.string() })),
  ports: z.array(port),
  /** Port of its load balancer, and who may connect. */
  balancer: z.strictObject({ port: z.int(), public: z.boolean(), from: names }).optional(),
  floatingAddress: z.boolean(),
  /** GiB of each server's volumes. */
  volumeGiB: z.number(),
  survival: survivalSchema,
});

/** A blueprint with the defaults of its parameters, as people see it. */
export const blueprintViewSchema = z.strictObject({
  name: z.string(),
  file: z.string(),
  description: z.string(),
  /** The cloud whose flavors, zones and prices are meant. */
  cloud: z.string(),
  zones: names,
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      type: z.enum(['integer', 'text', 'boolean']),
      default: argument,
      minimum: z.int().optional(),
      maximum: z.int().optional(),
      choices: names.optional(),
    }),
  ),
  parts: z.array(z.strictObject({ name: z.string(), blueprint: z.string() })),
  tiers: z.array(tier),
  components: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      version: z.string(),
      description: z.string(),
      home: z.string(),
      /** Undefined where it was not run. */
      evidence: z.string().optional(),
    }),
  ),
  need: z.strictObject({
    servers: z.int(),
    vcpus: z.int(),
    memoryGiB: z.number(),
    volumeGiB: z.number(),
    floatingAddresses: z.int(),
    loadBalancers: z.int(),
  }),
  /** What it costs a month in the organisation's currency, on each cloud that has prices for all of it and asks for any. */
  costs: z.array(z.strictObject({ cloud: z.string(), monthly: z.number() })),
  currency: z.string(),
});

export type OpenPort = Described<typeof port>;
export type TierView = Described<typeof tier>;
export type BlueprintView = Described<typeof blueprintViewSchema>;

/** What is to be seen of a blueprint on a cloud. Pure. */
export function viewOf(project: Project, blueprint: Entity<Blueprint>, cloud: Entity<Cloud>): BlueprintView {
  const { name, file, value } = blueprint;
  const demand = demandOf({ name, blueprint: value, cloud: cloud.value });
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
    const demand = demandOf({ name, blueprint: value, cloud: site });
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

function componentsIn(software: ReadonlyMap<string, TierSoftware>): BlueprintView['components'] {
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

function needOf({ servers, volumeGiB, floatingAddresses, loadBalancers }: Demand): BlueprintView['need'] {
  return {
    servers: servers.length,
    vcpus: totalOf(servers, 'vcpus'),
    memoryGiB: Math.round(totalOf(servers, 'memoryMiB') / 1024),
    volumeGiB,
    floatingAddresses,
    loadBalancers,
  };
}
