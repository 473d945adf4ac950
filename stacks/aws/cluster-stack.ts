import { CfnVPC } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { AnalysisCluster } from '../../lib/aws/analysis-cluster.ts';
import type { InstanceChoice } from '../../lib/aws/fleet-instances.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import { programOf } from '../../lib/config/schema/environment-worker.ts';
import { citeCluster, citeOutputs } from './cite-cluster.ts';
import type { ClusterInputs } from './cluster-inputs.ts';
import { ClusterOutputs } from './cluster-outputs.ts';
import { agentPorts } from './link-discovery.ts';
import { networkParameters } from './network-parameters.ts';
import { consulArchiveIn, fleetScaler, workerAgent, workerProgram } from './publish.ts';
import { TandemAwsStack } from './tandem-aws-stack.ts';

/** Analysis cluster of an environment. */
export class ClusterStack extends TandemAwsStack {
  readonly cluster: AnalysisCluster;

  constructor(scope: Construct, inputs: ClusterInputs) {
    super(scope, 'cluster', inputs);
    const { organisation, environment } = inputs;
    const { capacity, instances, health, scaling, worker, ...config } = environment.value.cluster;
    const names = networkParameters(this.prefix);
    const agent = workerAgent(this);
    this.cluster = new AnalysisCluster(this, 'Cluster', {
      name: this.prefix,
      vpc: CfnVPC.fromVpcId(this, 'Vpc', this.fromParameter('VpcId', 'AWS::EC2::VPC::Id', names.vpcId).valueAsString),
      subnetIds: this.fromParameter('SubnetIds', 'List<AWS::EC2::Subnet::Id>', names.privateSubnetIds).valueAsList,
      ipv6: config.network.ipv6,
      fleet: {
        instances: choiceOf(instances, capacity),
        imageId: this.#imageId(instances),
        rootVolumeGiB: instances.rootVolumeGiB,
        metadataHopLimit: instances.metadataHopLimit,
        ...(instances.maximumLifetimeDays === undefined ? {} : { maximumLifetimeDays: instances.maximumLifetimeDays }),
        minimum: capacity.minimum,
        maximum: capacity.maximum,
        ...(capacity.warmPool === undefined ? {} : { warmPool: capacity.warmPool }),
        warmupSeconds: scaling.warmupSeconds,
        ...health,
      },
      scaling: {
        backlogPerInstance: scaling.backlogPerInstance,
        idleSeconds: scaling.idleSeconds,
        burst: scaling.burst,
        schedules: scaling.schedules,
      },
      ...(scaling.scaler === undefined ? {} : { scaler: { ...scaling.scaler, code: fleetScaler(this) } }),
      worker: {
        ...worker,
        program: workerProgram(this, this.prefix, programOf(worker)),
        iam: config.iam,
        agent,
      },
      ...(inputs.link?.value.discovery === undefined
        ? {}
        : {
            discovery: {
              archive: consulArchiveIn(agent.bucket, instances.architecture),
              ports: agentPorts(environment.value),
            },
          }),
      queues: config.queues,
      results: config.results,
      alarms: { ...config.alarms, email: [organisation.value.organisation.contact, ...config.alarms.email] },
      budget: { monthlyUsd: config.budget.monthlyUsd, tag: { key: 'environment', value: environment.name } },
      retainData: config.retainData,
      tags: this.ownTags,
    });
    const outputs = new ClusterOutputs(this, 'Outputs', { prefix: this.prefix, cluster: this.cluster });
    citeCluster(this.cluster, environment, organisation.name);
    citeOutputs(outputs, environment.name);
  }

  /** The image that is written, or what the parameter has when the change set is made: so a review sees another one before it is launched. */
  #imageId({ image, imageParameter }: Cluster['instances']): string {
    if (image !== undefined) return image;
    const [name, version] = imageParameter.split(':');
    // CloudFormation's parameters take no version; its dynamic references do.
    if (name !== undefined && version !== undefined) return `{{resolve:ssm:${name}:${version}}}`;
    return this.fromParameter('Image', 'AWS::EC2::Image::Id', imageParameter).valueAsString;
  }
}

type Cluster = Environment['cluster'];

function choiceOf(instances: Cluster['instances'], capacity: Cluster['capacity']): InstanceChoice {
  return {
    types: instances.requirements ?? instances.types,
    architecture: instances.architecture,
    onDemandBase: capacity.onDemandBase,
    spotSharePercent: capacity.spotSharePercent,
  };
}
