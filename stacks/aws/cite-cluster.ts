import type { CfnResource } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { settingOf } from '../../lib/aws/alarm-table.ts';
import type { AnalysisCluster } from '../../lib/aws/analysis-cluster.ts';
import type { Named } from '../../lib/config/project.ts';
import type { Environment } from '../../lib/config/schema/environment.ts';
import { cite } from '../../lib/stack/cite.ts';
import { ref, type TypedRef } from '../../lib/stack/config-ref.ts';
import type { ClusterOutputs } from './cluster-outputs.ts';

type From = TypedRef<Environment['cluster']>;

/** Which values of an environment each part of its cluster was made from; attributes as CloudFormation names them. */
export function citeCluster(cluster: AnalysisCluster, environment: Named<Environment>, organisation: string): void {
  const from = ref('environment', environment.name).at('cluster');
  cite(cluster.dataKey, from.at('retainData'));
  cite(cluster.operationsKey, from.at('worker', 'logDays'));
  cite(cluster.heartbeats, from.at('worker'));
  cite(cluster.events, from.at('worker', 'logDays'));
  cite(cluster.events.logGroup, from.at('worker', 'logDays'), { RetentionInDays: from.at('worker', 'logDays') });
  cite(cluster.workerLogs, from.at('worker', 'logDays'), { RetentionInDays: from.at('worker', 'logDays') });
  cite(cluster.workerConfig, from.at('worker'), { Value: from.at('worker') });
  cite(cluster.dashboard, from.at('alarms'));
  if (cluster.budget !== undefined) {
    cite(cluster.budget.budget, from.at('budget', 'monthlyUsd'), {
      Budget: { BudgetLimit: { Amount: from.at('budget', 'monthlyUsd') } },
    });
  }
  citeData(cluster, from);
  citeFleet(cluster, from, environment.value);
  citeScaling(cluster, from, environment.value);
  citeAlarms(cluster, from, ref('organisation', organisation).at('organisation', 'contact'));
}

function citeData({ queues, results, jobs, producer }: AnalysisCluster, from: From): void {
  for (const [name, queue] of queues) {
    const settings = from.at('queues', name);
    cite(queue, settings);
    cite(resourceOf(queue.jobs, CfnQueue), settings, {
      VisibilityTimeout: settings.at('visibilityTimeoutSeconds'),
      MessageRetentionPeriod: settings.at('retentionDays'),
      RedrivePolicy: { maxReceiveCount: settings.at('maximumReceives') },
    });
  }
  cite(jobs, from.at('queues'));
  cite(producer, from.at('queues'));
  cite(results, from.at('results'));
  cite(resourceOf(results.bucket, CfnBucket), from.at('results'), {
    LifecycleConfiguration: {
      Rules: [
        { ExpirationInDays: from.at('results', 'expireDays') },
        { NoncurrentVersionExpiration: { NoncurrentDays: from.at('results', 'undoDays') } },
      ],
    },
  });
}

function citeFleet({ fleet }: AnalysisCluster, from: From, { cluster }: Environment): void {
  const { types, requirements } = cluster.instances;
  const chosen = requirements === undefined ? from.at('instances', 'types') : from.at('instances', 'requirements');
  cite(fleet, from.at('instances'));
  cite(
    fleet.group,
    from.at('capacity'),
    {
      MinSize: from.at('capacity', 'minimum'),
      MaxSize: from.at('capacity', 'maximum'),
      MaxInstanceLifetime: from.at('instances', 'maximumLifetimeDays'),
      DefaultInstanceWarmup: from.at('scaling', 'warmupSeconds'),
      InstanceMaintenancePolicy: {
        MinHealthyPercentage: from.at('health', 'minimumHealthyPercent'),
        MaxHealthyPercentage: from.at('health', 'maximumHealthyPercent'),
      },
      LifecycleHookSpecificationList: [
        { HeartbeatTimeout: from.at('health', 'startupSeconds') },
        { HeartbeatTimeout: from.at('health', 'drainHeartbeatSeconds') },
      ],
      MixedInstancesPolicy: {
        InstancesDistribution: {
          OnDemandBaseCapacity: from.at('capacity', 'onDemandBase'),
          OnDemandPercentageAboveBaseCapacity: from.at('capacity', 'spotSharePercent'),
        },
        LaunchTemplate: { Overrides: chosen },
      },
    },
    {
      MixedInstancesPolicy: {
        LaunchTemplate: {
          Overrides: types.map((_, index) => ({ InstanceType: from.at('instances', 'types', index) })),
        },
      },
    },
  );
  cite(fleet.launchTemplate.template, from.at('instances'), {
    LaunchTemplateData: {
      ImageId: from.at('instances', cluster.instances.image === undefined ? 'imageParameter' : 'image'),
      BlockDeviceMappings: [{ Ebs: { VolumeSize: from.at('instances', 'rootVolumeGiB') } }],
      MetadataOptions: { HttpPutResponseHopLimit: from.at('instances', 'metadataHopLimit') },
    },
  });
  cite(fleet.launchTemplate.securityGroup, from.at('network'));
  cite(fleet.role, from.at('worker'));
  if (fleet.warmPool !== undefined) {
    cite(fleet.warmPool, from.at('capacity', 'warmPool'), {
      MinSize: from.at('capacity', 'warmPool', 'minimum'),
      MaxGroupPreparedCapacity: from.at('capacity', 'warmPool', 'preparedCapacity'),
      PoolState: from.at('capacity', 'warmPool', 'state'),
    });
  }
}

function citeScaling({ scaling, scaler }: AnalysisCluster, from: From, { cluster }: Environment): void {
  cite(scaling, from.at('scaling'));
  cite(scaling.tracking, from.at('scaling', 'backlogPerInstance'), {
    TargetTrackingConfiguration: { TargetValue: from.at('scaling', 'backlogPerInstance') },
    EstimatedInstanceWarmup: from.at('scaling', 'warmupSeconds'),
  });
  cite(scaling.burst, from.at('scaling', 'burst'), {
    StepAdjustments: cluster.scaling.burst.map((_, index) => from.at('scaling', 'burst', index)),
  });
  cite(scaling.burstAlarm, from.at('scaling', 'backlogPerInstance'));
  cite(scaling.idle, from.at('capacity', 'minimum'), {
    StepAdjustments: [{ ScalingAdjustment: from.at('capacity', 'minimum') }],
  });
  cite(scaling.idleAlarm, from.at('scaling', 'idleSeconds'), { EvaluationPeriods: from.at('scaling', 'idleSeconds') });
  if (scaler !== undefined) {
    cite(scaler, from.at('scaling', 'scaler'));
    cite(scaler.logGroup, from.at('worker', 'logDays'), { RetentionInDays: from.at('worker', 'logDays') });
    cite(scaler.function, from.at('scaling', 'scaler'), {
      Environment: {
        Variables: {
          TANDEM_WAIT_SECONDS: from.at('scaling', 'scaler', 'waitSeconds'),
          TANDEM_BOOT_SECONDS: from.at('scaling', 'warmupSeconds'),
          TANDEM_IDLE_SECONDS: from.at('scaling', 'scaler', 'idleSeconds'),
          TANDEM_SLOTS: from.at('worker', 'jobsPerInstance'),
        },
      },
    });
  }
  for (const [name, action] of scaling.schedules) {
    const schedule = from.at('scaling', 'schedules', name);
    cite(action, schedule, {
      Recurrence: schedule.at('recurrence'),
      TimeZone: schedule.at('timeZone'),
      MinSize: schedule.at('minimum'),
      MaxSize: schedule.at('maximum'),
    });
  }
}

function citeAlarms({ alarms }: AnalysisCluster, from: From, contact: TypedRef<string>): void {
  cite(alarms, from.at('alarms'));
  cite(alarms.topic, contact);
  alarms.subscriptions.forEach((subscription, index) => {
    const address = index === 0 ? contact : from.at('alarms', 'email', index - 1);
    cite(subscription, address, { Endpoint: address });
  });
  for (const [name, alarm] of alarms.all) {
    const setting = settingOf(name);
    if (setting !== undefined) cite(alarm, from.at('alarms', setting), { Threshold: from.at('alarms', setting) });
  }
}

export function citeOutputs({ parameters, queues }: ClusterOutputs, environment: string): void {
  const from = ref('environment', environment).at('cluster');
  for (const [queue, urls] of queues) for (const url of urls) cite(url, from.at('queues', queue));
  cite(parameters.BucketName, from.at('results'));
  cite(parameters.HeartbeatsTableName, from.at('worker'));
  cite(parameters.JobsTableName, from.at('queues'));
  cite(parameters.FleetName, from.at('capacity'));
  cite(parameters.ProducerPolicyArn, from.at('queues'));
}

/** The CloudFormation resource inside a construct of the CDK. */
function resourceOf<T extends CfnResource>(construct: IConstruct, type: new (...args: never[]) => T): T {
  const resource = construct.node.defaultChild;
  if (resource instanceof type) return resource;
  throw new TypeError(`${construct.node.path} is no ${type.name}`);
}
