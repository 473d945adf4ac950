import { hash } from 'node:crypto';
import { installScript } from '../bring-up/install.ts';
import type { AnyComponent, TierSoftware } from '../bring-up/tier-software.ts';
import { environmentSoftware } from '../components/environment-software.ts';
import { registryOf } from '../components/registry.ts';
import { loginUserOf } from '../config/choices.ts';
import { demandOf, type TierDemand } from '../config/demand.ts';
import type { Entity, Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';

/** An image with what a tier's servers run installed: they come up without a mirror, and sooner. */
export interface Image {
  /** `discovery-consul`: blueprint and tier. */
  readonly name: string;
  /** The name and what is installed: the same for the same script. */
  readonly versionedName: string;
  readonly tier: string;
  /** Versions by component. */
  readonly components: Readonly<Record<string, string>>;
  /** What installs it, on OpenStack and AWS alike. */
  readonly script: string;
  /** Image, flavor and user of the cloud that it is made with. */
  readonly from: { readonly image: string; readonly flavor: string; readonly user: string };
}

/** The images of a blueprint: one for each tier that runs components. */
export function imagesOf(project: Project, blueprint: Entity<Blueprint>, cloud: Entity<Cloud>): readonly Image[] {
  const { tiers, software } = softwareOf(project, blueprint, cloud);
  return tiers.flatMap((demand) => {
    const own = software.get(demand.name);
    return own === undefined ? [] : [imageOf(blueprint.name, demand, own, cloud.value)];
  });
}

/** Tiers of a blueprint and what they run, as in an environment of the blueprint's own name. */
export function softwareOf(
  project: Pick<Project, 'components'>,
  blueprint: Entity<Blueprint>,
  cloud: Entity<Cloud>,
  environment = blueprint.name,
  change: (demand: TierDemand) => TierDemand = (demand) => demand,
): { readonly tiers: readonly TierDemand[]; readonly software: ReadonlyMap<string, TierSoftware> } {
  const demand = demandOf({ name: environment, blueprint: blueprint.value, cloud: cloud.value });
  const tiers = demand.tiers.map(change);
  const registry = registryOf(project.components);
  return { tiers, software: environmentSoftware(registry, { environment, cloud: cloud.value, tiers }) };
}

function imageOf(
  blueprint: string,
  { name: tier, tier: shape, flavorName }: TierDemand,
  software: TierSoftware,
  cloud: Cloud,
): Image {
  const components: readonly AnyComponent[] = software.runs.map(({ component }) => component);
  const script = installScript(components);
  const name = `${blueprint}-${tier}`;
  return {
    name,
    versionedName: `${name}-${hash('sha256', script).slice(0, 12)}`,
    tier,
    components: Object.fromEntries(components.map(({ name: component, version }) => [component, version])),
    script,
    from: { image: shape.image, flavor: flavorName, user: loginUserOf(cloud, shape.image) },
  };
}
