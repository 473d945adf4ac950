import { CfnDeletionPolicy, Tags } from 'aws-cdk-lib';
import { CfnAutoScalingGroup, CfnWarmPool } from 'aws-cdk-lib/aws-autoscaling';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { aws_ec2 } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { AFTER_DEPLOYMENT, type AfterDeployment } from '../stack/after-deployment.ts';
import { type InstanceChoice, instancesDistribution, overrides } from './fleet-instances.ts';
import { FleetLaunchTemplate, type PortAmong } from './fleet-launch-template.ts';
import { FleetRole } from './fleet-role.ts';
import { nameTag } from './name-tag.ts';
import { groupMetric } from './scaling-metrics.ts';

export interface HardenedFleetProps {
  /** Name of the Auto Scaling group: roles and agents know it beforehand.
   * @remarks CAUTION: a change replaces the group and all its instances. */
  readonly name: string;
  readonly vpc: aws_ec2.IVPCRef;
  /** One private subnet a zone. Ids, because a stack that reads them from a parameter knows them as one list. */
  readonly subnetIds: readonly string[];
  readonly instances: InstanceChoice;
  /** Id of the machine image. Not `resolve:ssm:…`: a refresh of instances can't be rolled back where the launch template has that (AWS: EC2 Auto
   * Scaling, "Undo changes with a rollback"), and no review would show that the image changed. */
  readonly imageId: string;
  /** Shell script of the first boot; never a secret. */
  readonly userData: string;
  /** Fewest instances. */
  readonly minimum: number;
  /** Most instances.
   * @remarks CAUTION: lowering it below what runs terminates instances at once. */
  readonly maximum: number;
  /** Size of the encrypted gp3 root volume in GiB.
   * @default - 30 */
  readonly rootVolumeGiB?: number;
  /** Network hops of the metadata service, 1 or 2.
   * @default - 1: containers have no way to the instance's credentials
   * @remarks CAUTION: with 2, every container has the credentials of the instance. */
  readonly metadataHopLimit?: number;
  /** Days after which an instance is replaced.
   * @default - never for its age */
  readonly maximumLifetimeDays?: number;
  /** Instances kept ready beside the fleet.
   * @default - none */
  readonly warmPool?: {
    readonly minimum: number;
    readonly preparedCapacity?: number | undefined;
    readonly state: 'stopped' | 'running';
  };
  /** Seconds from launch to the first heartbeat, after which the launch is abandoned.
   * @default - 600 */
  readonly startupSeconds?: number;
  /** Seconds that a terminating instance waits after its last lifecycle heartbeat.
   * @default - 300 */
  readonly drainHeartbeatSeconds?: number;
  /** What becomes of an instance that was to be terminated and stopped sending lifecycle heartbeats, or outlived them.
   * @default - it is terminated
   * @remarks CAUTION: what is retained costs money until somebody terminates it. */
  readonly stalledDrain?: 'terminate' | 'retain';
  /** Seconds until a new instance counts for scaling.
   * @default - 120 */
  readonly warmupSeconds?: number;
  /** Share of the fleet in service during a replacement, in percent.
   * @default - 90
   * @remarks CAUTION: at 0, a replacement may stop the whole fleet at once. */
  readonly minimumHealthyPercent?: number;
  /** How far a replacement may exceed the fleet, in percent; at most 100 above the minimum.
   * @default - 110 */
  readonly maximumHealthyPercent?: number;
  /** Whether instances have an IPv6 address too.
   * @default - false */
  readonly ipv6?: boolean;
  /** Ports that instances of the network reach each other on.
   * @default - none: nothing in */
  readonly among?: readonly PortAmong[] | undefined;
  /** Tags of everything, volumes and interfaces of instances included.
   * @default - none but names */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Names of the hooks; a worker completes them. */
export const LAUNCHING_HOOK = 'first-heartbeat';
export const TERMINATING_HOOK = 'drain';

/** Interchangeable instances in private subnets: mixed types, Spot by share, drained before they are terminated. */
export class HardenedFleet extends Construct {
  /** Name of the Auto Scaling group, as text that is known when the template is made. */
  readonly name: string;
  /** Most instances. */
  readonly maximum: number;
  readonly group: CfnAutoScalingGroup;
  readonly launchTemplate: FleetLaunchTemplate;
  readonly role: Role;
  readonly warmPool: CfnWarmPool | undefined;

  constructor(scope: Construct, id: string, props: HardenedFleetProps) {
    super(scope, id);
    const { name, subnetIds, tags = {} } = props;
    this.name = name;
    this.maximum = props.maximum;
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
    const { role, profile } = new FleetRole(this, 'Access', { groupName: name });
    this.role = role;
    this.launchTemplate = new FleetLaunchTemplate(this, 'Launch', {
      name,
      vpc: props.vpc,
      profile,
      imageId: props.imageId,
      rootVolumeGiB: props.rootVolumeGiB ?? 30,
      metadataHopLimit: props.metadataHopLimit ?? 1,
      userData: props.userData,
      ipv6: props.ipv6 ?? false,
      among: props.among,
      tags,
    });
    const { template } = this.launchTemplate;
    this.group = new CfnAutoScalingGroup(this, 'Group', {
      autoScalingGroupName: name,
      vpcZoneIdentifier: [...subnetIds],
      minSize: String(props.minimum),
      maxSize: String(props.maximum),
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: template.attrLaunchTemplateId,
            version: template.attrLatestVersionNumber,
          },
          overrides: overrides(props.instances, props.imageId),
        },
        instancesDistribution: instancesDistribution(props.instances),
      },
      // A Spot instance at risk is replaced before it is interrupted.
      capacityRebalance: true,
      lifecycleHookSpecificationList: hooks(props),
      // A drain that its worker abandons is no reason to kill the job that it could not end: the instance leaves the group and stays.
      instanceLifecyclePolicy: { retentionTriggers: { terminateHookAbandon: 'retain' } },
      healthCheckType: 'EC2',
      healthCheckGracePeriod: 0,
      defaultInstanceWarmup: props.warmupSeconds ?? 120,
      instanceMaintenancePolicy: {
        minHealthyPercentage: props.minimumHealthyPercent ?? 90,
        maxHealthyPercentage: props.maximumHealthyPercent ?? 110,
      },
      terminationPolicies: ['OldestLaunchTemplate', 'AllocationStrategy', 'Default'],
      metricsCollection: [{ granularity: '1Minute' }],
      tags: [{ ...nameTag(name), propagateAtLaunch: true }],
      ...(props.maximumLifetimeDays === undefined ? {} : { maxInstanceLifetime: props.maximumLifetimeDays * 86_400 }),
    });
    // Its size belongs to the scaling policies: a deploy does not change it and replaces no instance. `tandem fleet` does that.
    this.group.cfnOptions.updatePolicy = { autoScalingScheduledAction: { ignoreUnmodifiedGroupSizeProperties: true } };
    this.group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    // Launches keep to the emptiest zone without it; rebalancing would terminate instances for it, whatever runs on them
    // (autoscaling/ec2/userguide/as-suspend-resume-processes.html).
    this.group.addMetadata(AFTER_DEPLOYMENT, { SuspendedProcesses: ['AZRebalance'] } satisfies AfterDeployment);
    // An instance that boots before its role has its policies would fail and retry.
    this.group.node.addDependency(role);
    this.warmPool =
      props.warmPool === undefined
        ? undefined
        : new CfnWarmPool(this, 'WarmPool', {
            autoScalingGroupName: this.group.ref,
            minSize: props.warmPool.minimum,
            ...(props.warmPool.preparedCapacity === undefined
              ? {}
              : { maxGroupPreparedCapacity: props.warmPool.preparedCapacity }),
            poolState: props.warmPool.state === 'stopped' ? 'Stopped' : 'Running',
            instanceReusePolicy: { reuseOnScaleIn: false },
          });
  }

  /** A metric of the group, e.g. `GroupInServiceInstances`: its average over a minute. */
  metric(metricName: string): Metric {
    return groupMetric(this.name, metricName);
  }
}

function hooks(props: HardenedFleetProps): CfnAutoScalingGroup.LifecycleHookSpecificationProperty[] {
  return [
    {
      lifecycleHookName: LAUNCHING_HOOK,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      heartbeatTimeout: props.startupSeconds ?? 600,
      // A worker that never sent a heartbeat would count as capacity and do nothing.
      defaultResult: 'ABANDON',
    },
    {
      lifecycleHookName: TERMINATING_HOOK,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatTimeout: props.drainHeartbeatSeconds ?? 300,
      // A worker that stopped sending heartbeats has nothing left to drain, unless somebody wants to look at it.
      defaultResult: props.stalledDrain === 'retain' ? 'ABANDON' : 'CONTINUE',
    },
  ];
}
