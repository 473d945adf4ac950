import { join } from 'node:path';
import { stringify } from 'yaml';
import type { TierSoftware } from '../../../../lib/bring-up/tier-software.ts';
import { environmentSoftware } from '../../../../lib/components/environment-software.ts';
import { registryOf } from '../../../../lib/components/registry.ts';
import { demandOf } from '../../../../lib/config/demand.ts';
import type { LinkDiscovery } from '../../../../lib/config/link/discovery.ts';
import { loadProject } from '../../../../lib/config/load.ts';
import { blueprintOf } from '../../../../lib/config/project.ts';
import { configured } from '../../../configured.ts';

export interface SoftwareOptions {
  /** Name of the environment. @default 'alice' */
  readonly name?: string;
  /** Name of a blueprint. */
  readonly blueprint?: string;
  /** Or a blueprint's text, which other blueprints' names may stand in. */
  readonly yaml?: string;
  /** Values of the blueprint's parameters. @default - its own */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Other numbers of servers, by tier. @default - the blueprint's */
  readonly counts?: Readonly<Record<string, number>>;
  /** Cloud whose zones, flavors and DNS zone it has. @default 'lab' */
  readonly cloud?: string;
  /** More files of the project by path, e.g. of a component of its own. @default - none */
  readonly files?: Readonly<Record<string, string>>;
  /** Discovery of the link that it is joined to. @default - none */
  readonly discovery?: LinkDiscovery;
  /** Or what each tier runs, without a blueprint. */
  readonly software?: Readonly<Record<string, TierSoftware>>;
  /** Volumes of each tier's servers, where there is no blueprint: sizes in MiB by name. @default - none */
  readonly volumes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface LeaseSoftware {
  readonly name: string;
  readonly software: ReadonlyMap<string, TierSoftware>;
  /** Sizes of a tier's volumes in MiB, by name. */
  readonly volumes: (tier: string) => Readonly<Record<string, number>>;
}

/** No disk here is larger, in MiB: they are sparse, and what a blueprint asks for may be large. */
const LARGEST_MIB = 4096;
/** Name of a blueprint that is given as a text. */
const FORMED = 'formed';
const ROOT = join(import.meta.dirname, '../../../..');

/** What the servers of a lease run, by the functions that its stack is made with. @throws with the problems of its configuration */
export function softwareOfLease(options: SoftwareOptions): LeaseSoftware {
  const { name = 'alice', software, volumes = {} } = options;
  if (software !== undefined)
    return { name, software: new Map(Object.entries(software)), volumes: (tier) => volumes[tier] ?? {} };
  const { project, problems } = loadProject(configured(ROOT, [], leaseFiles(options, name)));
  const own = problems.filter(({ file }) => !/^config\/(environments|prices)\//.test(file));
  if (project === undefined || own.length > 0) throw new Error(JSON.stringify(own, undefined, 2));
  const lease = project.leases.get(name);
  const cloud = project.clouds.get(options.cloud ?? 'lab');
  const blueprint = lease === undefined ? undefined : blueprintOf(project, lease);
  if (lease === undefined || cloud === undefined || blueprint === undefined)
    throw new Error(`lease ${name} did not load`);
  const asked = options.blueprint ?? FORMED;
  if (blueprint.name !== asked)
    throw new Error(
      `lease ${name} has blueprint ${blueprint.name}, not ${asked}: a lease of this project is called so`,
    );
  const { tiers } = demandOf({ name, lease: lease.value, blueprint: blueprint.value, cloud: cloud.value });
  return {
    name,
    software: environmentSoftware(registryOf(project.components), {
      ...{ environment: name, cloud: cloud.value, tiers, discovery: options.discovery },
    }),
    volumes: (tier) =>
      Object.fromEntries(
        Object.entries(blueprint.value.tiers[tier]?.volumes ?? {}).map(([volume, { sizeGiB }]) => [
          volume,
          Math.min(sizeGiB * 1024, LARGEST_MIB),
        ]),
      ),
  };
}

function leaseFiles(options: SoftwareOptions, name: string): Record<string, string> {
  const { yaml, blueprint = FORMED, parameters = {}, counts = {}, cloud = 'lab', files = {} } = options;
  const lease = {
    blueprint,
    cloud,
    owner: 'alice@acme.example.org',
    since: '2026-11-02',
    until: '2027-01-30',
    parameters,
    tiers: Object.fromEntries(Object.entries(counts).map(([tier, count]) => [tier, { count }])),
  };
  return {
    ...files,
    [`config/dev/${name}.yaml`]: stringify(lease),
    ...(yaml === undefined ? {} : { [`config/blueprints/${blueprint}.yaml`]: yaml }),
  };
}
