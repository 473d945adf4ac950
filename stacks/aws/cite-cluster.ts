import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AnalysisCluster } from '../../lib/aws/analysis-cluster.ts';
import type { Named } from '../../lib/config/project.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import { cite } from '../../lib/stack/cite.ts';
import { type ConfigRef, ref } from '../../lib/stack/config-ref.ts';
import type { ClusterOutputs } from './cluster-outputs.ts';

type From = (...path: (string | number)[]) => ConfigRef;

/** Which values of an environment each part of its cluster was made from; attributes as CloudFormation names them. */
export function citeCluster(cluster: AnalysisCluster, environment: Named<Environment>, organisation: string): void {
  const from: From = (...path) => ref('environment', environment.name, 'cluster', ...path);
  cite(cluster.dataKey, from('retainData'));
  cite(cluster.operationsKey, from('worker', 'logDays'));
  cite(cluster.heartbeats, from('worker'));
  cite(cluster.events, from('worker', 'logDays'));
  cite(cluster.events.logGroup, from('worker', 'logDays'), { RetentionInDays: from('worker', 'logDays') });
  cite(cluster.workerLogs, from('worker', 'logDays'), { RetentionInDays: from('worker', 'logDays') });
  cite(cluster.orders, from('worker'), { Value: from('worker') });
  cite(cluster.dashboard, from('alarms'));
  if (cluster.budget !== undefined) {
    cite(cluster.budget.budget, from('budget', 'monthlyUsd'), {
      'Budget.BudgetLimit.Amount': from('budget', 'monthlyUsd'),
    });
  }
  citeData(cluster, from);
  citeFleet(cluster, from, environment.value);
  citeScaling(cluster, from, environment.value);
  citeAlarms(cluster, from, ref('organisation', organisation, 'organisation', 'contact'));
}

function citeData({ queue, results }: AnalysisCluster, from: From): void {
  cite(queue, from('queue'));
  cite(resourceOf(queue.jobs), from('queue'), {
    VisibilityTimeout: from('queue', 'visibilityTimeoutSeconds'),
    MessageRetentionPeriod: from('queue', 'retentionDays'),
    'RedrivePolicy.maxReceiveCount': from('queue', 'maximumReceives'),
  });
  cite(results, from('results'));
  cite(resourceOf(results.bucket), from('results'), {
    'LifecycleConfiguration.Rules[0].ExpirationInDays': from('results', 'expireDays'),
    'LifecycleConfiguration.Rules[1].NoncurrentVersionExpiration.NoncurrentDays': from('results', 'undoDays'),
  });
}

function citeFleet({ fleet }: AnalysisCluster, from: From, { cluster }: Environment): void {
  const mixed = (rest: string) => `MixedInstancesPolicy.${rest}`;
  const distribution = (rest: string) => mixed(`InstancesDistribution.${rest}`);
  const types = cluster.instances.requirements === undefined ? ['types'] : ['requirements'];
  cite(fleet, from('instances'));
  cite(fleet.group, from('capacity'), {
    MinSize: from('capacity', 'minimum'),
    MaxSize: from('capacity', 'maximum'),
    MaxInstanceLifetime: from('instances', 'maximumLifetimeDays'),
    DefaultInstanceWarmup: from('scaling', 'warmupSeconds'),
    'InstanceMaintenancePolicy.MinHealthyPercentage': from('health', 'minimumHealthyPercent'),
    'InstanceMaintenancePolicy.MaxHealthyPercentage': from('health', 'maximumHealthyPercent'),
    'LifecycleHookSpecificationList[0].HeartbeatTimeout': from('health', 'startupSeconds'),
    'LifecycleHookSpecificationList[1].HeartbeatTimeout': from('health', 'drainHeartbeatSeconds'),
    [distribution('OnDemandBaseCapacity')]: from('capacity', 'onDemandBase'),
    [distribution('OnDemandPercentageAboveBaseCapacity')]: from('capacity', 'spotSharePercent'),
    [mixed('LaunchTemplate.Overrides')]: from('instances', ...types),
    ...Object.fromEntries(
      cluster.instances.types.map((_, index) => [
        mixed(`LaunchTemplate.Overrides[${index}].InstanceType`),
        from('instances', 'types', index),
      ]),
    ),
  });
  cite(fleet.launchTemplate.template, from('instances'), {
    'LaunchTemplateData.ImageId': from('instances', 'imageParameter'),
    'LaunchTemplateData.BlockDeviceMappings[0].Ebs.VolumeSize': from('instances', 'rootVolumeGiB'),
    'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': from('instances', 'metadataHopLimit'),
  });
  cite(fleet.launchTemplate.securityGroup, from('network'));
  cite(fleet.role, from('worker'));
  if (fleet.warmPool !== undefined) {
    cite(fleet.warmPool, from('capacity', 'warmPool'), {
      MinSize: from('capacity', 'warmPool', 'minimum'),
      PoolState: from('capacity', 'warmPool', 'state'),
    });
  }
}

function citeScaling({ scaling }: AnalysisCluster, from: From, { cluster }: Environment): void {
  cite(scaling, from('scaling'));
  cite(scaling.tracking, from('scaling', 'backlogPerInstance'), {
    'TargetTrackingConfiguration.TargetValue': from('scaling', 'backlogPerInstance'),
    EstimatedInstanceWarmup: from('scaling', 'warmupSeconds'),
  });
  cite(
    scaling.burst,
    from('scaling', 'burst'),
    Object.fromEntries(
      cluster.scaling.burst.map((_, index) => [`StepAdjustments[${index}]`, from('scaling', 'burst', index)]),
    ),
  );
  cite(scaling.burstAlarm, from('scaling', 'backlogPerInstance'));
  cite(scaling.idle, from('capacity', 'minimum'), {
    'StepAdjustments[0].ScalingAdjustment': from('capacity', 'minimum'),
  });
  cite(scaling.idleAlarm, from('scaling', 'idleSeconds'), { EvaluationPeriods: from('scaling', 'idleSeconds') });
  for (const [name, action] of scaling.schedules) {
    const schedule: From = (...path) => from('scaling', 'schedules', name, ...path);
    cite(action, schedule(), {
      Recurrence: schedule('recurrence'),
      TimeZone: schedule('timeZone'),
      MinSize: schedule('minimum'),
      MaxSize: schedule('maximum'),
    });
  }
}

function citeAlarms({ alarms }: AnalysisCluster, from: From, contact: ConfigRef): void {
  cite(alarms, from('alarms'));
  cite(alarms.topic, contact);
  alarms.subscriptions.forEach((subscription, index) => {
    const address = index === 0 ? contact : from('alarms', 'email', index - 1);
    cite(subscription, address, { Endpoint: address });
  });
  cite(alarms.oldestJob, from('alarms', 'oldestJobMinutes'), { Threshold: from('alarms', 'oldestJobMinutes') });
  cite(alarms.shortfall, from('alarms', 'shortfallInstances'), { Threshold: from('alarms', 'shortfallInstances') });
  cite(alarms.spotInterruptions, from('alarms', 'spotInterruptionsPerHour'), {
    Threshold: from('alarms', 'spotInterruptionsPerHour'),
  });
}

export function citeOutputs({ parameters }: ClusterOutputs, environment: string): void {
  const from = (part: keyof Environment['cluster']) => ref('environment', environment, 'cluster', part);
  cite(parameters.JobsQueueUrl, from('queue'));
  cite(parameters.DeadLettersQueueUrl, from('queue'));
  cite(parameters.BucketName, from('results'));
  cite(parameters.HeartbeatsTableName, from('worker'));
  cite(parameters.FleetName, from('capacity'));
}

/** The CloudFormation resource inside a construct. */
function resourceOf(construct: IConstruct): CfnResource {
  return construct.node.defaultChild as CfnResource;
}
