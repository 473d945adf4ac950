import type { CloudBaseInputs } from '../../../stacks/openstack/cloud-base-stack.ts';
import type { DevEnvironmentInputs } from '../../../stacks/openstack/dev-environment/context.ts';
import type { LinkInputs } from '../../../stacks/openstack/link/context.ts';
import { linkDiscoveryTakes, linkTakes } from '../../../stacks/openstack/link/takes.ts';
import { stateLocationOf } from '../../../stacks/openstack/state-location.ts';
import { type LinkDiscovery, linkDiscovery } from '../../config/link/discovery.ts';
import { linkNameOf } from '../../config/link/name.ts';
import { linkPrefixes } from '../../config/link/prefixes.ts';
import { blueprintOf, cloudOf, type Entity, linkOf, type Project } from '../../config/project.ts';
import type { Blueprint } from '../../config/schema/blueprint.ts';
import type { Cloud } from '../../config/schema/cloud.ts';
import type { OwnComponent } from '../../config/schema/component.ts';
import type { Lease } from '../../config/schema/lease.ts';
import { StackId } from '../../stack/id.ts';
import { LINK_PROJECT, projectNameOf } from '../../stack/ownership.ts';
import type { StackTarget } from '../../stack/target.ts';
import { type CustomDefinition, customStacksOf } from '../custom-stacks.ts';
import { filesOf, named, type StackDefinition } from '../definition.ts';

export const TERRAFORM = 'terraform';

export type TerraformDefinition =
  | (StackDefinition &
      (
        | { readonly kind: 'cloud-base'; readonly inputs: CloudBaseInputs }
        | { readonly kind: 'link-addresses' | 'link'; readonly inputs: LinkInputs }
        | { readonly kind: 'link-discovery'; readonly inputs: LinkInputs & { readonly discovery: LinkDiscovery } }
        | { readonly kind: 'dev-environment'; readonly inputs: DevEnvironmentInputs }
      ))
  | CustomDefinition;

/** What stands inside private clouds, and users' own Terraform stacks. */
export function terraformStacks(project: Project): TerraformDefinition[] {
  const custom = customStacksOf(project, 'cdktn', TERRAFORM, stateLocationOf(project.organisation.value));
  return [...cloudBases(project), ...linkSides(project), ...devEnvironments(project), ...custom];
}

function cloudBases(project: Project): TerraformDefinition[] {
  const organisation = named(project.organisation);
  return [...project.clouds.values()].map((cloud): TerraformDefinition => {
    const id = StackId.cloudBase(cloud.name);
    return {
      id,
      unit: id,
      engine: TERRAFORM,
      dependsOn: cloud.value.kolla === undefined ? [] : [StackId.kolla(cloud.name)],
      unresolvedInputs: [],
      files: filesOf(cloud, project.organisation),
      target: baseTarget(cloud.value),
      kind: 'cloud-base',
      inputs: { organisation, cloud: named(cloud) },
    };
  });
}

/** The private side of each link: first what the other side must know, then what it makes of the other's answer. */
function linkSides(project: Project): TerraformDefinition[] {
  const organisation = named(project.organisation);
  return [...project.links.values()].flatMap((link): TerraformDefinition[] => {
    const cloud = project.clouds.get(link.value.cloud);
    const environment = project.environments.get(link.value.environment);
    // Reported by validation, which everything else waits for.
    if (cloud === undefined || environment === undefined) return [];
    const base = StackId.cloudBase(cloud.name);
    const addresses = StackId.linkAddresses(cloud.name);
    const id = StackId.link(cloud.name);
    const servers = StackId.linkDiscovery(cloud.name);
    const discovery = linkDiscovery(link);
    const common = {
      engine: TERRAFORM,
      files: filesOf(link, cloud, environment, project.organisation),
      target: projectTarget(cloud.value, LINK_PROJECT),
      inputs: { organisation, cloud: named(cloud), environment: named(environment), link: named(link) },
    };
    return [
      {
        ...{ ...common, id: addresses, unit: addresses, kind: 'link-addresses', dependsOn: [base] },
        unresolvedInputs: [{ name: 'external network and flavors', from: base }],
      },
      {
        ...{ ...common, id, unit: id, kind: 'link', unresolvedInputs: [] },
        dependsOn: [base, addresses, StackId.awsLink(environment.name)],
        takes: linkTakes(cloud.name, environment.name, link.value),
      },
      ...(discovery === undefined
        ? []
        : [
            {
              ...{ ...common, id: servers, unit: servers, kind: 'link-discovery' as const, unresolvedInputs: [] },
              ...{ dependsOn: [base, addresses], takes: linkDiscoveryTakes(cloud.name) },
              inputs: { ...common.inputs, discovery },
            },
          ]),
    ];
  });
}

function devEnvironments(project: Project): TerraformDefinition[] {
  const organisation = named(project.organisation);
  const definitions: TerraformDefinition[] = [];
  for (const lease of project.leases.values()) {
    const cloud = project.clouds.get(cloudOf(project, lease));
    const blueprint = blueprintOf(project, lease);
    // Reported by validation, which everything else waits for.
    if (cloud === undefined || blueprint === undefined) continue;
    const id = StackId.lease(cloud.name, lease.name);
    const base = StackId.cloudBase(cloud.name);
    const components = ownComponentsOf(project, blueprint);
    const link = blueprint.value.link ? leaseLink(project, cloud) : undefined;
    definitions.push({
      id,
      unit: id,
      engine: TERRAFORM,
      dependsOn: link === undefined ? [base] : [base, StackId.linkAddresses(cloud.name)],
      unresolvedInputs: [
        { name: 'networks, images and flavors', from: base },
        ...(link === undefined ? [] : [{ name: 'router of the link', from: StackId.linkAddresses(cloud.name) }]),
      ],
      files: [
        ...new Set([
          ...filesOf(lease, cloud, project.organisation, ...components, ...(link === undefined ? [] : [link.entity])),
          ...blueprint.origin.files,
        ]),
      ],
      target: projectTarget(cloud.value, projectNameOf(lease.name)),
      kind: 'dev-environment',
      inputs: {
        organisation,
        cloud: named(cloud),
        blueprint: named(blueprint),
        lease: named(lease),
        userData: userDataOf(project, blueprint),
        ...(components.length === 0 ? {} : { components: components.map(named) }),
        ...(link === undefined ? {} : { link: link.inputs }),
      },
      size: Math.max(1, serversOf(blueprint.value, lease.value) / 10),
    });
  }
  return definitions;
}

/** What leads to the other side, and nothing of how: a link that changes its gateways changes no lease. */
function leaseLink({ links, environments }: Project, cloud: Entity<Cloud>) {
  const entity = linkOf(links, cloud.name);
  const environment = environments.get(entity?.value.environment ?? '');
  if (entity === undefined || environment === undefined) return undefined;
  const { name, value } = entity;
  const { environment: range, pools } = linkPrefixes(value, cloud.value, environment.value);
  const discovery = linkDiscovery(entity);
  const inputs = { name, router: linkNameOf(name), environment: range, gateways: value.network, discovery, pools };
  return { entity, inputs };
}

function serversOf({ tiers }: Blueprint, lease: Lease): number {
  return Object.entries(tiers).reduce((sum, [name, { count }]) => sum + (lease.tiers[name]?.count ?? count), 0);
}

function baseTarget({ endpoint: { authUrl, region, project, cloudsYaml } }: Cloud): StackTarget {
  return { endpoint: authUrl, region, project, credentials: cloudsYaml };
}

/** In a project of its own, whatever the one that the credentials are for. */
function projectTarget({ endpoint: { authUrl, region, domain, cloudsYaml } }: Cloud, project: string): StackTarget {
  return { endpoint: authUrl, region, domain, project, credentials: cloudsYaml };
}

/** The project's own components that a blueprint names. */
function ownComponentsOf({ components }: Project, { value }: Entity<Blueprint>): Entity<OwnComponent>[] {
  const asked = new Set(Object.values(value.tiers).flatMap(({ runs }) => Object.keys(runs)));
  return [...(components?.values() ?? [])].filter(({ name }) => asked.has(name));
}

/** Content of the files that a blueprint names; what could not be read, validation has reported. */
function userDataOf(project: Project, { value }: Entity<Blueprint>): Record<string, string> {
  const named = Object.values(value.tiers).flatMap(({ userData }) => {
    const content = userData === undefined ? undefined : project.userData?.get(userData);
    return userData === undefined || content === undefined ? [] : [[userData, content] as const];
  });
  return Object.fromEntries(named);
}

/** Keystone and region as the providers of a root name them; what they take from elsewhere, or not alike, is not said. */
export function targetInRoot(root: string): StackTarget {
  const { provider } = JSON.parse(root) as { provider?: { openstack?: unknown } };
  const blocks = [provider?.openstack ?? []].flat() as Record<string, unknown>[];
  const one = (argument: string): string | undefined => {
    const values = blocks.map((each) => each[argument]);
    const [found, ...others] = new Set(values.filter((value) => typeof value === 'string' && value !== ''));
    return others.length > 0 || typeof found !== 'string' || found.includes('${') ? undefined : found;
  };
  const [endpoint, region] = [one('auth_url'), one('region')];
  return { ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }) };
}
