import { CfnDeletionPolicy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AnalysisClusterProps } from './analysis-cluster-props.ts';
import { ClusterAlarms } from './cluster-alarms.ts';
import { ClusterBudget } from './cluster-budget.ts';
import { ClusterDashboard } from './cluster-dashboard.ts';
import { consulParameters, consulPermissions } from './consul-access.ts';
import { FleetEvents } from './fleet-events.ts';
import { FleetScaler, scalerMetric } from './fleet-scaler.ts';
import { FleetScaling } from './fleet-scaling.ts';
import { HardenedFleet } from './hardened-fleet.ts';
import { HeartbeatsTable } from './heartbeats-table.ts';
import { JobQueue } from './job-queue.ts';
import { JobsTable } from './jobs-table.ts';
import { logRetentionDays } from './log-retention.ts';
import { OperationsKey } from './operations-key.ts';
import { ProducerPolicy } from './producer-policy.ts';
import { FIRST_QUEUE, queueNames } from './queue-names.ts';
import { ResultsBucket } from './results-bucket.ts';
import { ONE_MINUTE } from './scaling-metrics.ts';
import { workerBootstrap } from './worker-bootstrap.ts';
import { workerConfig } from './worker-config.ts';
import { metricNamespace } from './worker-names.ts';
import { workerPermissions } from './worker-permissions.ts';

/** Queues of jobs, a fleet that scales with their backlog, and a bucket for documents and results. */
export class AnalysisCluster extends Construct {
  readonly dataKey: Key;
  readonly operationsKey: Key;
  /** By their names in the configuration. */
  readonly queues: ReadonlyMap<string, JobQueue>;
  readonly jobs: JobsTable;
  readonly results: ResultsBucket;
  readonly heartbeats: HeartbeatsTable;
  readonly fleet: HardenedFleet;
  readonly scaling: FleetScaling;
  readonly scaler: FleetScaler | undefined;
  readonly events: FleetEvents;
  readonly alarms: ClusterAlarms;
  readonly dashboard: ClusterDashboard;
  readonly budget: ClusterBudget | undefined;
  /** To attach to the roles of those who send jobs. */
  readonly producer: ProducerPolicy;
  readonly workerLogs: CfnLogGroup;
  /** What each worker reads when it starts. */
  readonly workerConfig: CfnParameter;

  constructor(scope: Construct, id: string, props: AnalysisClusterProps) {
    super(scope, id);
    const { name, tags = {}, retainData: retain = true, discovery } = props;
    const { region } = Stack.of(this);
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
    this.queues = this.#queues(props);
    this.results = new ResultsBucket(this, 'Results', { ...props.results, key: this.dataKey, retain });
    this.jobs = new JobsTable(this, 'JobsTable', { key: this.dataKey, retain });
    this.heartbeats = new HeartbeatsTable(this, 'Heartbeats', { key: this.dataKey });
    this.workerLogs = this.#logGroup(`/tandem/${name}/workers`, props.worker.logDays ?? 30);
    const parameterName = `/tandem/${name}/worker`;
    this.fleet = new HardenedFleet(this, 'Fleet', {
      ...props.fleet,
      name: `${name}-workers`,
      vpc: props.vpc,
      subnetIds: props.subnetIds,
      ipv6: props.ipv6 ?? false,
      userData: workerBootstrap({
        ...{ parameterName, region },
        ...(discovery === undefined
          ? {}
          : { consul: { role: 'client', region, parameterName: consulParameters(name, 'client').settings } }),
      }),
      among: discovery?.ports,
      tags,
    });
    const { queues, results, jobs, heartbeats, fleet } = this;
    const resources = { queues, results, jobs, heartbeats, fleet };
    // The id is an older word. Under another, CloudFormation would first create a second parameter of the same name, and fail.
    this.workerConfig = new CfnParameter(this, 'Orders', {
      name: parameterName,
      description: `What the workers of ${name} do; read at each start of a worker`,
      type: 'String',
      tier: 'Intelligent-Tiering',
      value: Stack.of(this).toJsonString(workerConfig(resources, props)),
    });
    const permissions = workerPermissions({
      ...resources,
      dataKey: this.dataKey,
      logGroup: this.workerLogs,
      parameterName,
      agent: props.worker.agent,
      architecture: props.fleet.instances.architecture,
      program: props.worker.program,
      name,
      extension: props.worker.iam?.statements ?? [],
      metricNamespace: metricNamespace(name),
    });
    const ofConsul = discovery === undefined ? [] : consulPermissions(this, name, 'client', discovery.archive);
    for (const statement of [...permissions, ...ofConsul]) this.fleet.role.addToPolicy(statement);
    (props.worker.iam?.managedPolicies ?? []).forEach((arn, index) => {
      this.fleet.role.addManagedPolicy(ManagedPolicy.fromManagedPolicyArn(this, `Policy${index + 1}`, arn));
    });
    this.producer = new ProducerPolicy(this, 'Producer', { ...resources, name, dataKey: this.dataKey, parameterName });
    // An instance that starts before there is a worker configuration would only ask again and again.
    this.fleet.group.addResourceDependency(this.workerConfig);
    this.scaler = this.#scaler(props);
    this.scaling = new FleetScaling(this, 'Scaling', {
      ...props.scaling,
      ...(props.fleet.warmupSeconds === undefined ? {} : { warmupSeconds: props.fleet.warmupSeconds }),
      minimum: props.fleet.minimum,
      queues: [...queues.values()].map((queue) => queue.jobs),
      group: this.fleet.group,
      ...(this.scaler === undefined
        ? {}
        : {
            scaler: {
              started: scalerMetric(name, 'Invocations', ONE_MINUTE),
              failed: scalerMetric(name, 'Errors', ONE_MINUTE),
            },
          }),
    });
    this.events = new FleetEvents(this, 'Events', {
      fleet: this.fleet,
      logGroupName: `/tandem/${name}/events`,
      retentionDays: props.worker.logDays ?? 30,
      key: this.operationsKey,
      metricNamespace: metricNamespace(name),
    });
    this.alarms = new ClusterAlarms(this, 'Alarms', {
      ...props.alarms,
      ...resources,
      name,
      events: this.events,
      scaler: this.scaler,
      key: this.operationsKey,
    });
    this.dashboard = new ClusterDashboard(this, 'Dashboard', {
      ...resources,
      name,
      events: this.events,
      scaler: this.scaler,
      alarms: this.alarms,
    });
    this.budget =
      props.budget === undefined
        ? undefined
        : new ClusterBudget(this, 'Budget', { ...props.budget, name, topic: this.alarms.topic, tags });
  }

  #scaler({ name, scaler, fleet, worker }: AnalysisClusterProps): FleetScaler | undefined {
    if (scaler === undefined) return undefined;
    const { queues, heartbeats, dataKey, operationsKey } = this;
    return new FleetScaler(this, 'Scaler', {
      ...scaler,
      ...{ name, queues, fleet: this.fleet, heartbeats, dataKey, operationsKey },
      bootSeconds: fleet.warmupSeconds ?? 120,
      slots: worker.jobsPerInstance ?? 1,
      logDays: worker.logDays ?? 30,
    });
  }

  #queues({ name, queues = { [FIRST_QUEUE]: {} }, retainData: retain = true }: AnalysisClusterProps) {
    return new Map(
      Object.entries(queues).map(([queue, props]) => [
        queue,
        // Another construct id would replace the queue of a cluster that exists.
        new JobQueue(this, queue === FIRST_QUEUE ? 'Queue' : `Queue-${queue}`, {
          ...props,
          names: queueNames(name, queue),
          key: this.dataKey,
          retain,
        }),
      ]),
    );
  }

  #logGroup(logGroupName: string, days: number): CfnLogGroup {
    const group = new CfnLogGroup(this, 'WorkerLogs', {
      logGroupName,
      retentionInDays: logRetentionDays(days),
      kmsKeyId: this.operationsKey.keyArn,
    });
    // A retained group of a fixed name would make the next creation of the cluster fail.
    group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    return group;
  }
}
