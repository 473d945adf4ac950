import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Settings of a queue; those that are absent have the defaults of the configuration. */
export interface QueueProps {
  /** Which queue a worker asks first: the highest.
   * @default - 1 */
  readonly priority?: number;
  /** Longest run of a job in seconds.
   * @default - that of the worker */
  readonly timeoutSeconds?: number | undefined;
  /** Seconds that a job is hidden from others before its worker must extend it.
   * @default - 300 */
  readonly visibilityTimeoutSeconds?: number;
  /** Days that a job waits at most; a dead letter is kept for 14, the longest there is.
   * @default - 14 */
  readonly retentionDays?: number;
  /** Deliveries after which a job goes to the dead-letter queue.
   * @default - 5 */
  readonly maximumReceives?: number;
}

export interface JobQueueProps extends Omit<QueueProps, 'priority' | 'timeoutSeconds'> {
  /** Of the queue of jobs and of its dead-letter queue, which needs the name of its only source beforehand.
   * @remarks CAUTION: a change replaces the queue, and the jobs in it are lost. */
  readonly names: { readonly jobs: string; readonly deadLetters: string };
  /** Encrypts the jobs. */
  readonly key: IKey;
  /** Whether the queues, and the jobs in them, outlive the stack.
   * @default - true: jobs are somebody's work and stand nowhere else
   * @remarks CAUTION: with false, deleting the stack deletes all jobs. */
  readonly retain?: boolean;
}

/** A queue of jobs and its dead-letter queue; encrypted, TLS only, neither usable as a dead-letter queue by others. */
export class JobQueue extends Construct {
  readonly jobs: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: JobQueueProps) {
    super(scope, id);
    const { names, key } = props;
    const shared = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      // Without it, 500 workers would call KMS for each receive.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      removalPolicy: props.retain === false ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    const jobsArn = Stack.of(this).formatArn({ service: 'sqs', resource: names.jobs });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...shared,
      queueName: names.deadLetters,
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', jobsArn)],
      },
    });
    this.jobs = new Queue(this, 'Jobs', {
      ...shared,
      queueName: names.jobs,
      visibilityTimeout: Duration.seconds(props.visibilityTimeoutSeconds ?? 300),
      retentionPeriod: Duration.days(props.retentionDays ?? 14),
      // Long polling: an empty queue costs one call in 20 s a worker.
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maximumReceives ?? 5 },
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
  }
}
