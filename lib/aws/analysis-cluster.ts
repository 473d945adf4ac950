import { ArnFormat, CfnDeletionPolicy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AnalysisClusterProps } from './analysis-cluster-props.ts';
import { ClusterAlarms } from './cluster-alarms.ts';
import { ClusterBudget } from './cluster-budget.ts';
import { ClusterDashboard } from './cluster-dashboard.ts';
import { FleetEvents } from './fleet-events.ts';
import { FleetScaling } from './fleet-scaling.ts';
import { HardenedFleet } from './hardened-fleet.ts';
import { HeartbeatsTable } from './heartbeats-table.ts';
import { JobQueue } from './job-queue.ts';
import { logRetentionDays } from './log-retention.ts';
import { OperationsKey } from './operations-key.ts';
import { ResultsBucket } from './results-bucket.ts';
import { workerBootstrap } from './worker-bootstrap.ts';
import { workerOrders } from './worker-orders.ts';
import { workerPermissions } from './worker-permissions.ts';

/** A queue of jobs, a fleet that follows its length, and a bucket for what comes out. */
export class AnalysisCluster extends Construct {
  readonly dataKey: Key;
  readonly operationsKey: Key;
  readonly queue: JobQueue;
  readonly results: ResultsBucket;
  readonly heartbeats: HeartbeatsTable;
  readonly fleet: HardenedFleet;
  readonly scaling: FleetScaling;
  readonly events: FleetEvents;
  readonly alarms: ClusterAlarms;
  readonly dashboard: ClusterDashboard;
  readonly budget: ClusterBudget | undefined;
  readonly workerLogs: CfnLogGroup;
  /** What each worker reads when it starts. */
  readonly orders: CfnParameter;

  constructor(scope: Construct, id: string, props: AnalysisClusterProps) {
    super(scope, id);
    const { name, tags = {}, retainData: retain = true } = props;
    const { region } = Stack.of(this);
    const groupName = `${name}-workers`;
    const metricNamespace = `Tandem/${name}`;
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
    this.dataKey = new Key(this, 'DataKey', {
      description: `Jobs, documents, results and heartbeats of ${name}`,
      enableKeyRotation: true,
      // Without its key, what is retained could never be read again.
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.operationsKey = new OperationsKey(this, 'OperationsKey', {
      logGroupPrefix: `/tandem/${name}/`,
      publishers: ['cloudwatch', 'budgets'],
    }).key;
    this.queue = new JobQueue(this, 'Queue', { ...props.queue, name, key: this.dataKey, retain });
    this.results = new ResultsBucket(this, 'Results', { ...props.results, key: this.dataKey, retain });
    this.heartbeats = new HeartbeatsTable(this, 'Heartbeats', { key: this.dataKey });
    this.workerLogs = this.#logGroup(`/tandem/${name}/workers`, props.worker.logDays ?? 30);
    const parameterName = `/tandem/${name}/worker`;
    this.fleet = new HardenedFleet(this, 'Fleet', {
      ...props.fleet,
      name: groupName,
      vpcId: props.vpcId,
      subnetIds: props.subnetIds,
      ipv6: props.ipv6 ?? false,
      userData: workerBootstrap({ parameterName, region, logGroupName: `/tandem/${name}/workers` }),
      tags,
    });
    this.orders = new CfnParameter(this, 'Orders', {
      name: parameterName,
      description: `What the workers of ${name} do; read at each start of a worker`,
      type: 'String',
      tier: 'Intelligent-Tiering',
      value: Stack.of(this).toJsonString(
        workerOrders(
          {
            region,
            queueUrl: this.queue.jobs.queueUrl,
            bucketName: this.results.bucket.bucketName,
            heartbeatsTableName: this.heartbeats.table.tableName,
            groupName,
          },
          props,
        ),
      ),
    });
    this.#permit(props, metricNamespace, parameterName);
    // An instance that starts before there are orders would only ask again and again.
    this.fleet.group.addResourceDependency(this.orders);
    const queues = {
      jobsQueueName: this.queue.jobs.queueName,
      deadLettersQueueName: this.queue.deadLetters.queueName,
    };
    this.scaling = new FleetScaling(this, 'Scaling', {
      ...props.scaling,
      ...(props.fleet.warmupSeconds === undefined ? {} : { warmupSeconds: props.fleet.warmupSeconds }),
      minimum: props.fleet.minimum,
      queueName: queues.jobsQueueName,
      groupName: this.fleet.group.ref,
    });
    this.events = new FleetEvents(this, 'Events', {
      groupName,
      logGroupName: `/tandem/${name}/events`,
      retentionDays: props.worker.logDays ?? 30,
      key: this.operationsKey,
      metricNamespace,
    });
    this.alarms = new ClusterAlarms(this, 'Alarms', {
      email: [],
      ...props.alarms,
      ...queues,
      name,
      key: this.operationsKey,
      groupName,
      heartbeatsTableName: this.heartbeats.table.tableName,
      metricNamespace,
    });
    this.dashboard = new ClusterDashboard(this, 'Dashboard', {
      ...queues,
      name,
      groupName,
      metricNamespace,
      alarmArns: this.alarms.all.map((alarm) => alarm.attrArn),
    });
    this.budget =
      props.budget === undefined
        ? undefined
        : new ClusterBudget(this, 'Budget', { ...props.budget, name, topicArn: this.alarms.topic.topicArn, tags });
  }

  #logGroup(logGroupName: string, days: number): CfnLogGroup {
    const group = new CfnLogGroup(this, 'WorkerLogs', {
      logGroupName,
      retentionInDays: logRetentionDays(days),
      kmsKeyId: this.operationsKey.keyArn,
    });
    // A kept group of a fixed name would stand in the way of the cluster's next creation.
    group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    return group;
  }

  #permit({ worker }: AnalysisClusterProps, metricNamespace: string, parameterName: string): void {
    const stack = Stack.of(this);
    const statements = workerPermissions({
      jobsArn: this.queue.jobs.queueArn,
      bucketArn: this.results.bucket.bucketArn,
      heartbeatsArn: this.heartbeats.table.tableArn,
      dataKeyArn: this.dataKey.keyArn,
      logGroupArn: this.workerLogs.attrArn,
      parameterArn: stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameterName.slice(1) }),
      agentArn: stack.formatArn({
        service: 's3',
        region: '',
        account: '',
        resource: worker.agent.bucketName,
        resourceName: worker.agent.objectKey,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
      region: stack.region,
      metricNamespace,
    });
    for (const statement of statements) this.fleet.role.addToPolicy(statement);
  }
}
