import type { EnvironmentInputs } from '../../stacks/aws/tandem-aws-stack.ts';
import type { CloudBaseInputs } from '../../stacks/openstack/cloud-base-stack.ts';
import type { DevEnvironmentInputs } from '../../stacks/openstack/dev-environment-stack.ts';
import { cloudOf, type Entity, type Named, type Project } from '../config/project.ts';
import type { Blueprint } from '../config/schema/blueprint.ts';
import type { Cloud } from '../config/schema/cloud.ts';
import { compareIds, StackId } from '../stack/id.ts';
import type { StackHead } from '../stack/synthesized.ts';
import { type CustomDefinition, customStacksOf } from './custom-stacks.ts';

/**
 * A stack that the configuration asks for, and all that its artefact may depend on: `inputs` is plain JSON, and a stack is a pure
 * function of it, which is what makes the cache right.
 */
export type StackDefinition =
  | (StackHead & {
      /** Stacks of one unit refer to each other, and are synthesized together. */
      readonly unit: string;
    } & (
        | { readonly kind: 'cloud-base'; readonly inputs: CloudBaseInputs }
        | { readonly kind: 'dev-environment'; readonly inputs: DevEnvironmentInputs }
        | { readonly kind: 'kolla'; readonly inputs: { readonly cloud: Named<Cloud> } }
        | { readonly kind: 'network' | 'cluster'; readonly inputs: EnvironmentInputs }
      ))
  | CustomDefinition;

/** Every stack of a project, sorted by id. */
export function stacksOf(project: Project): StackDefinition[] {
  const definitions = [
    ...kollaTrees(project),
    ...cloudBases(project),
    ...devEnvironments(project),
    ...awsEnvironments(project),
    ...customStacksOf(project),
  ];
  return definitions.sort((a, b) => compareIds(a.id, b.id));
}

function kollaTrees(project: Project): StackDefinition[] {
  const clouds = [...project.clouds.values()].filter((cloud) => cloud.value.kolla !== undefined);
  return clouds.map((cloud): StackDefinition => {
    const id = StackId.kolla(cloud.name);
    const common = {
      id,
      unit: id,
      engine: 'kolla',
      dependsOn: [],
      unresolvedInputs: [],
      files: filesOf(cloud),
    } as const;
    return { ...common, kind: 'kolla', inputs: { cloud: named(cloud) } };
  });
}

function cloudBases(project: Project): StackDefinition[] {
  const organisation = named(project.organisation);
  return [...project.clouds.values()].map((cloud): StackDefinition => {
    const id = StackId.cloudBase(cloud.name);
    return {
      id,
      unit: id,
      engine: 'terraform',
      dependsOn: cloud.value.kolla === undefined ? [] : [StackId.kolla(cloud.name)],
      unresolvedInputs: [],
      files: filesOf(cloud, project.organisation),
      kind: 'cloud-base',
      inputs: { organisation, cloud: named(cloud) },
    };
  });
}

function devEnvironments(project: Project): StackDefinition[] {
  const organisation = named(project.organisation);
  const definitions: StackDefinition[] = [];
  for (const lease of project.leases.values()) {
    const cloud = project.clouds.get(cloudOf(project, lease));
    const blueprint = project.blueprints.get(lease.value.blueprint);
    // Reported by validation, which everything else waits for.
    if (cloud === undefined || blueprint === undefined) continue;
    const id = StackId.lease(cloud.name, lease.name);
    const base = StackId.cloudBase(cloud.name);
    definitions.push({
      id,
      unit: id,
      engine: 'terraform',
      dependsOn: [base],
      unresolvedInputs: [{ name: 'networks, images and flavors', from: base }],
      files: filesOf(lease, blueprint, cloud, project.organisation),
      kind: 'dev-environment',
      inputs: {
        organisation,
        cloud: named(cloud),
        blueprint: named(blueprint),
        lease: named(lease),
        userData: userDataOf(project, blueprint),
      },
    });
  }
  return definitions;
}

/** Content of the files that a blueprint names; what could not be read, validation has reported. */
function userDataOf(project: Project, { value }: Entity<Blueprint>): Record<string, string> {
  const named = Object.values(value.tiers).flatMap(({ userData }) => {
    const content = userData === undefined ? undefined : project.userData?.get(userData);
    return userData === undefined || content === undefined ? [] : [[userData, content] as const];
  });
  return Object.fromEntries(named);
}

function awsEnvironments(project: Project): StackDefinition[] {
  const organisation = named(project.organisation);
  return [...project.environments.values()].flatMap((environment): StackDefinition[] => {
    const network = StackId.network(environment.name);
    const common = {
      unit: network,
      engine: 'cloudformation' as const,
      files: filesOf(environment, project.organisation),
      inputs: { organisation, environment: named(environment) },
    };
    return [
      { ...common, id: network, kind: 'network', dependsOn: [], unresolvedInputs: [] },
      {
        ...common,
        id: StackId.cluster(environment.name),
        kind: 'cluster',
        dependsOn: [network],
        unresolvedInputs: [{ name: 'VPC and subnets', from: network }],
      },
    ];
  });
}

function filesOf(...entities: readonly Pick<Entity<unknown>, 'file'>[]): string[] {
  return entities.map((entity) => entity.file);
}

function named<T>(entity: Named<T>): Named<T> {
  return { kind: entity.kind, name: entity.name, value: entity.value };
}
