import type { ClusterInputs } from '../../../stacks/aws/cluster-inputs.ts';
import type { LinkInputs } from '../../../stacks/aws/link-inputs.ts';
import type { EnvironmentInputs } from '../../../stacks/aws/tandem-aws-stack.ts';
import { linkZones } from '../../config/link/zones.ts';
import type { Project } from '../../config/project.ts';
import type { Environment } from '../../config/schema/environment.ts';
import { StackId } from '../../stack/id.ts';
import type { StackTarget } from '../../stack/target.ts';
import { type CustomDefinition, customStacksOf } from '../custom-stacks.ts';
import { filesOf, named, type StackDefinition } from '../definition.ts';

export const CLOUDFORMATION = 'cloudformation';

export type CloudFormationDefinition =
  | (StackDefinition & { readonly kind: 'network'; readonly inputs: EnvironmentInputs })
  | (StackDefinition & { readonly kind: 'cluster'; readonly inputs: ClusterInputs })
  | (StackDefinition & { readonly kind: 'link'; readonly inputs: LinkInputs })
  | CustomDefinition;

/** The stacks of AWS environments, and users' own CDK stacks. */
export function cloudFormationStacks(project: Project): CloudFormationDefinition[] {
  return [...environments(project), ...links(project), ...customStacksOf(project, 'cdk', CLOUDFORMATION)];
}

function environments(project: Project): CloudFormationDefinition[] {
  const organisation = named(project.organisation);
  return [...project.environments.values()].flatMap((environment): CloudFormationDefinition[] => {
    const network = StackId.network(environment.name);
    const common = {
      unit: network,
      engine: CLOUDFORMATION,
      files: filesOf(environment, project.organisation),
      target: targetOf(environment.value),
      inputs: { organisation, environment: named(environment) },
    };
    // Its workers are agents of the link's servers, which they wait for by themselves: neither stack takes a value of the other.
    const link = [...project.links.values()].find(
      ({ value }) => value.environment === environment.name && value.discovery !== undefined,
    );
    return [
      { ...common, id: network, kind: 'network', dependsOn: [], unresolvedInputs: [] },
      {
        ...common,
        ...(link === undefined
          ? {}
          : {
              files: filesOf(environment, link, project.organisation),
              inputs: { ...common.inputs, link: named(link) },
            }),
        id: StackId.cluster(environment.name),
        kind: 'cluster',
        dependsOn: [network],
        unresolvedInputs: [{ name: 'VPC and subnets', from: network }],
      },
    ];
  });
}

/** The AWS side of each link. It knows the gateways of the other side by their addresses alone. */
function links(project: Project): CloudFormationDefinition[] {
  return [...project.links.values()].flatMap((link): CloudFormationDefinition[] => {
    const environment = project.environments.get(link.value.environment);
    const cloud = project.clouds.get(link.value.cloud);
    if (environment === undefined || cloud === undefined) return [];
    const network = StackId.network(environment.name);
    const addresses = StackId.linkAddresses(cloud.name);
    return [
      {
        ...{ id: StackId.awsLink(environment.name), unit: network, engine: CLOUDFORMATION, kind: 'link' },
        files: filesOf(link, environment, cloud, project.organisation),
        target: targetOf(environment.value),
        inputs: {
          ...{ organisation: named(project.organisation), environment: named(environment), link: named(link) },
          zones: linkZones(link, cloud.value),
        },
        dependsOn: [network, addresses],
        unresolvedInputs: [{ name: 'VPC, subnets and route tables', from: network }],
        takes: [1, 2].map((gateway) => ({
          ...{ name: `Gateway${gateway}Address`, from: addresses, output: `gateway_${gateway}_address` },
          what: 'addresses of the gateways',
        })),
      },
    ];
  });
}

function targetOf({ aws: { account, region, role } }: Environment): StackTarget {
  return { account, region, role };
}

/** Account and region as literals of a template; where it names several, none is meant. */
export function targetInTemplate(template: string): StackTarget {
  const one = (pattern: RegExp): string | undefined => {
    const [found, ...others] = new Set([...template.matchAll(pattern)].map(([, value = '']) => value));
    return others.length > 0 ? undefined : found;
  };
  const account = one(/:(\d{12})(?=[:"])/g);
  const region = one(/"AvailabilityZone": ?"([a-z0-9-]+\d)[a-z]"/g);
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}
