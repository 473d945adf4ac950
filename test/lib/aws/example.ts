import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AnalysisCluster } from '../../../lib/aws/analysis-cluster.ts';
import type { AnalysisClusterProps } from '../../../lib/aws/analysis-cluster-props.ts';
import type { ScalerChoice } from '../../../lib/aws/fleet-scaler.ts';
import { PrivateNetwork, type PrivateNetworkProps } from '../../../lib/aws/private-network.ts';
import { Cidr } from '../../../lib/net/cidr.ts';
import { outputFolder } from '../../stacks/folders.ts';

/** An App without the slow validation: these tests say what they want themselves. */
function exampleStack(): Stack {
  const app = new App({ outdir: outputFolder(), builtinCloudFormationValidation: false, analyticsReporting: false });
  return new Stack(app, 'Example', { env: { account: '111122223333', region: 'eu-west-3' } });
}

export function networkTemplate(props: Partial<PrivateNetworkProps> = {}): Template {
  const stack = exampleStack();
  new PrivateNetwork(stack, 'Network', {
    name: 'example',
    cidr: Cidr.parse('10.0.0.0/21'),
    availabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
    ...props,
  });
  return Template.fromStack(stack);
}

const cluster = {
  name: 'example',
  subnetIds: ['subnet-a', 'subnet-b'],
  fleet: {
    instances: { types: ['c7g.large', 'c6g.large'], architecture: 'arm64' },
    imageId: 'ami-0123456789abcdef0',
    minimum: 0,
    maximum: 10,
  },
  scaling: { backlogPerInstance: 10 },
  worker: { program: { kind: 'command', command: ['/bin/true'] } },
} as const;

export type ClusterChange = Partial<Omit<AnalysisClusterProps, 'fleet' | 'worker' | 'scaling' | 'scaler'>> & {
  readonly scaler?: Omit<ScalerChoice, 'code'>;
  readonly fleet?: Partial<AnalysisClusterProps['fleet']>;
  readonly worker?: Partial<AnalysisClusterProps['worker']>;
  readonly scaling?: Partial<AnalysisClusterProps['scaling']>;
};

export function exampleCluster(change: ClusterChange = {}): AnalysisCluster {
  const stack = exampleStack();
  const bucket = Bucket.fromBucketName(stack, 'Assets', 'assets');
  return new AnalysisCluster(stack, 'Cluster', {
    ...cluster,
    vpc: CfnVPC.fromVpcId(stack, 'Vpc', 'vpc-1'),
    ...change,
    fleet: { ...cluster.fleet, ...change.fleet },
    worker: {
      ...cluster.worker,
      agent: { version: '1.2.3', bucket, objectKey: 'agent-1.2.3.mjs', sha256: 'a'.repeat(64) },
      ...change.worker,
    },
    scaling: { ...cluster.scaling, ...change.scaling },
    scaler: change.scaler && { ...change.scaler, code: { bucket, objectKey: 'scaler-1.2.3.zip' } },
  });
}

export function clusterTemplate(change: ClusterChange = {}): Template {
  return Template.fromStack(Stack.of(exampleCluster(change)));
}

type Resource = Readonly<Record<string, unknown>> & { readonly Properties: Readonly<Record<string, unknown>> };

/** Properties of all resources of a type, in the order of the template. */
export function all(template: Template, type: string): Resource['Properties'][] {
  return Object.values(template.findResources(type) as Record<string, Resource>).map(({ Properties }) => Properties);
}

/** The only resource of a type whose logical id contains a word. */
export function only(template: Template, type: string, word = ''): Resource {
  const found = Object.entries(template.findResources(type) as Record<string, Resource>).filter(([id]) =>
    id.includes(word),
  );
  const first = found[0];
  if (found.length !== 1 || first === undefined)
    throw new Error(`${found.length} of ${type} have "${word}" in their id`);
  return first[1];
}
