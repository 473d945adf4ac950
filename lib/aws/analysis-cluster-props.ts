import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { aws_ec2 } from 'aws-cdk-lib/interfaces';
import type { IamExtension } from '../config/schema/environment-iam.ts';
import type { WorkerProgram, WorkerSettings } from '../config/schema/environment-worker.ts';
import type { AlarmSources } from './alarm-table.ts';
import type { ClusterAlarmsProps } from './cluster-alarms.ts';
import type { ClusterBudgetProps } from './cluster-budget.ts';
import type { ConsulArchive } from './consul-access.ts';
import type { PortAmong } from './fleet-launch-template.ts';
import type { ScalerChoice } from './fleet-scaler.ts';
import type { FleetScalingProps } from './fleet-scaling.ts';
import type { HardenedFleetProps } from './hardened-fleet.ts';
import type { QueueProps } from './job-queue.ts';
import type { ResultsBucketProps } from './results-bucket.ts';

export interface AnalysisClusterProps {
  /** Name of the cluster; part of the names of all that has one. Unique within account and Region.
   * @remarks CAUTION: a change replaces the queues, with the jobs in them, and the fleet. */
  readonly name: string;
  readonly vpc: aws_ec2.IVPCRef;
  /** One private subnet a zone, from where S3, SQS, DynamoDB, SSM, KMS, logs and Auto Scaling are reachable. Ids, because a stack that
   * reads them from a parameter knows them as one list. */
  readonly subnetIds: readonly string[];
  /** Whether instances have an IPv6 address too.
   * @default - false */
  readonly ipv6?: boolean;
  /** Which instances, how many, and how they start and end. */
  readonly fleet: Omit<HardenedFleetProps, 'name' | 'vpc' | 'subnetIds' | 'userData' | 'ipv6' | 'tags' | 'among'>;
  readonly scaling: Omit<FleetScalingProps, 'queues' | 'group' | 'minimum' | 'warmupSeconds' | 'scaler'>;
  /** A function that sets the capacity, with AWS's policies for where it is silent.
   * @default - AWS's policies alone */
  readonly scaler?: ScalerChoice | undefined;
  readonly worker: WorkerProps;
  /** Consul beside the workers, as agent of servers in the network.
   * @default - none */
  readonly discovery?: {
    readonly archive: ConsulArchive;
    readonly ports: readonly PortAmong[];
  };
  /** Queues of jobs by name, at most four.
   * @default - one, `jobs`
   * @remarks CAUTION: another name is another queue; what waits in the old one stays there, where it is retained. */
  readonly queues?: Readonly<Record<string, QueueProps>>;
  /** @default - the defaults of a results bucket */
  readonly results?: Omit<ResultsBucketProps, 'key' | 'retain'>;
  /** Thresholds of alarms, and who is notified.
   * @default - the defaults of the configuration, and a topic without subscriptions */
  readonly alarms?: Omit<ClusterAlarmsProps, keyof AlarmSources | 'key'>;
  /** @default - none */
  readonly budget?: Pick<ClusterBudgetProps, 'monthlyUsd' | 'tag'>;
  /** Whether documents, results, jobs and their key outlive the stack.
   * @default - true
   * @remarks CAUTION: with false, deleting the stack deletes all jobs; the bucket goes only when it is empty. */
  readonly retainData?: boolean;
  /** Tags of everything, volumes and interfaces of instances included.
   * @default - none but names */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface WorkerProps {
  /** What does one job. */
  readonly program: WorkerProgram;
  /** Longest job in seconds.
   * @default - 3600 */
  readonly timeoutSeconds?: number;
  /** The agent's one file, fetched when a worker starts, and its SHA-256. */
  readonly agent: {
    readonly version: string;
    readonly bucket: IBucket;
    readonly objectKey: string;
    readonly sha256: string;
  };
  /** Jobs that an instance does at once.
   * @default - 1 */
  readonly jobsPerInstance?: number;
  /** Memory of a job in MiB.
   * @default - unlimited */
  readonly memoryMiBPerJob?: number | undefined;
  /** Processes and threads of a job at once.
   * @default - unlimited */
  readonly processesPerJob?: number | undefined;
  /** When an instance takes no more jobs, because it fails them.
   * @default - the defaults of the configuration */
  readonly breaker?: WorkerSettings['breaker'];
  /** What the role of the instances may do besides.
   * @default - nothing */
  readonly iam?: IamExtension;
  /** Days that logs are kept, rounded up to what CloudWatch Logs offers.
   * @default - 30 */
  readonly logDays?: number;
}
