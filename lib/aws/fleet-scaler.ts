import { ArnFormat, CfnDeletionPolicy, type Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventInvokeConfig, CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { HardenedFleet } from './hardened-fleet.ts';
import type { HeartbeatsTable } from './heartbeats-table.ts';
import type { JobQueue } from './job-queue.ts';
import { logRetentionDays } from './log-retention.ts';
import { metricNamespace } from './worker-names.ts';

/** What people set of a scaler. */
export interface ScalerChoice {
  /** Wait in seconds that most jobs shall not exceed. */
  readonly waitSeconds: number;
  /** Seconds that an instance without a job is kept. */
  readonly idleSeconds: number;
  /** Archive with the bundle of `packages/fleet-scaler`. */
  readonly code: { readonly bucket: IBucket; readonly objectKey: string };
}

export interface FleetScalerProps extends ScalerChoice {
  /** Name of the cluster. */
  readonly name: string;
  /** Seconds from a launch until the instance takes jobs. */
  readonly bootSeconds: number;
  /** Jobs that an instance does at once. */
  readonly slots: number;
  readonly queues: ReadonlyMap<string, JobQueue>;
  readonly fleet: HardenedFleet;
  /** Where the function leaves its state, in an item of its own. */
  readonly heartbeats: HeartbeatsTable;
  /** Encrypts the table. */
  readonly dataKey: IKey;
  /** Encrypts the log. */
  readonly operationsKey: IKey;
  /** Days that the log is kept. */
  readonly logDays: number;
}

/** The item of the heartbeats table that the function may write: `ITEM` of packages/fleet-scaler. */
const ITEM = 'fleet-scaler';
/** Below the minute after which the next one begins; the last look of a minute ends after 53 s, and the state is written within 4. */
const TIMEOUT_SECONDS = 58;

/** Name of the function of a cluster. */
function scalerName(cluster: string): string {
  return `${cluster}-scaler`;
}

/**
 * How many of its minutes were good: EventBridge starts the function once a minute, and it fails where each of its looks failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function scalerMetric(cluster: string, metricName: 'Invocations' | 'Errors', period: Duration): Metric {
  const dimensionsMap = { FunctionName: scalerName(cluster) };
  return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, statistic: 'Sum', period });
}

/**
 * Sets the desired capacity of a fleet four times a minute, by the function of `packages/fleet-scaler`. Costs about 5 US dollars a month. It keeps no
 * machine alive, and nothing depends on it: where it is silent, the policies of `FleetScaling` hold the fleet.
 *
 * One at a time (reserved concurrency; an account that has fewer than 101 left refuses it), and a minute that failed is not tried again: the next one begins by then.
 */
export class FleetScaler extends Construct {
  readonly function: CfnFunction;
  readonly role: Role;
  readonly rule: CfnRule;
  readonly logGroup: CfnLogGroup;

  constructor(scope: Construct, id: string, props: FleetScalerProps) {
    super(scope, id);
    this.logGroup = new CfnLogGroup(this, 'Logs', {
      logGroupName: `/tandem/${props.name}/scaler`,
      retentionInDays: logRetentionDays(props.logDays),
      kmsKeyId: props.operationsKey.keyArn,
    });
    this.logGroup.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    this.logGroup.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    this.role = new Role(this, 'Role', {
      description: `Scaler of ${props.name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of permissions(Stack.of(this), props, this.logGroup)) this.role.addToPolicy(statement);
    this.function = new CfnFunction(this, 'Function', {
      functionName: scalerName(props.name),
      description: `Sets the capacity of ${props.name} four times a minute`,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'fleet-scaler.handler',
      code: { s3Bucket: props.code.bucket.bucketName, s3Key: props.code.objectKey },
      role: this.role.roleArn,
      memorySize: 128,
      timeout: TIMEOUT_SECONDS,
      reservedConcurrentExecutions: 1,
      loggingConfig: { logGroup: this.logGroup.ref },
      environment: { variables: variables(props) },
    });
    // A function that starts before it may do anything fails for its first minutes.
    this.function.node.addDependency(this.role.node.findChild('DefaultPolicy'));
    new CfnEventInvokeConfig(this, 'Once', {
      functionName: this.function.ref,
      qualifier: '$LATEST',
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
    this.rule = new CfnRule(this, 'Minute', {
      description: `Starts the scaler of ${props.name}`,
      scheduleExpression: 'rate(1 minute)',
      targets: [{ id: 'scaler', arn: this.function.attrArn }],
    });
    new CfnPermission(this, 'Start', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.ref,
      principal: 'events.amazonaws.com',
      sourceArn: this.rule.attrArn,
    });
  }
}

/** All that the function is told: a number that is changed changes no code. */
function variables(props: FleetScalerProps): Record<string, string> {
  return {
    TANDEM_QUEUE_URLS: [...props.queues.values()].map(({ jobs }) => jobs.queueUrl).join(' '),
    TANDEM_GROUP: props.fleet.name,
    TANDEM_TABLE: props.heartbeats.table.tableName,
    TANDEM_NAMESPACE: metricNamespace(props.name),
    TANDEM_WAIT_SECONDS: String(props.waitSeconds),
    TANDEM_BOOT_SECONDS: String(props.bootSeconds),
    TANDEM_IDLE_SECONDS: String(props.idleSeconds),
    TANDEM_SLOTS: String(props.slots),
  };
}

function permissions(stack: Stack, props: FleetScalerProps, logGroup: CfnLogGroup): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Look',
      // These calls have no resource.
      actions: ['autoscaling:DescribeAutoScalingGroups', 'cloudwatch:GetMetricData'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'CountJobs',
      actions: ['sqs:GetQueueAttributes'],
      resources: [...props.queues.values()].map(({ jobs }) => jobs.queueArn),
    }),
    new PolicyStatement({
      sid: 'SetCapacity',
      actions: ['autoscaling:SetDesiredCapacity'],
      // The wildcard stands for the group's UUID, which nobody knows beforehand; names are unique within account and Region.
      resources: [
        stack.formatArn({
          service: 'autoscaling',
          resource: 'autoScalingGroup',
          resourceName: `*:autoScalingGroupName/${props.fleet.name}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
    new PolicyStatement({
      sid: 'OwnState',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resources: [props.heartbeats.table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [ITEM] } },
    }),
    new PolicyStatement({
      sid: 'UseDataKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [props.dataKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${stack.region}.amazonaws.com` } },
    }),
    new PolicyStatement({
      sid: 'WriteLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.attrArn],
    }),
  ];
}
