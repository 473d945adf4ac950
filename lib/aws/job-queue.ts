import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface JobQueueProps {
  /** The queues are `<name>-jobs` and `<name>-dead-letters`: a dead-letter queue that names its only source needs the name beforehand.
   * @remarks CAUTION: a change replaces both queues, and the jobs in them are lost. */
  readonly name: string;
  /** Encrypts the jobs. */
  readonly key: IKey;
  /** Seconds that a job is hidden from others before its worker must extend it.
   * @default - 300 */
  readonly visibilityTimeoutSeconds?: number;
  /** Days that a job waits at most; a dead letter is kept for 14, the longest there is.
   * @default - 14 */
  readonly retentionDays?: number;
  /** Deliveries after which a job goes to the dead-letter queue.
   * @default - 5 */
  readonly maximumReceives?: number;
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
    const { name, key } = props;
    const jobsName = `${name}-jobs`;
    const shared = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      // Without it, 500 workers would call KMS for each receive.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      removalPolicy: props.retain === false ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    const jobsArn = Stack.of(this).formatArn({ service: 'sqs', resource: jobsName });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...shared,
      queueName: `${name}-dead-letters`,
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', jobsArn)],
      },
    });
    this.jobs = new Queue(this, 'Jobs', {
      ...shared,
      queueName: jobsName,
      visibilityTimeout: Duration.seconds(props.visibilityTimeoutSeconds ?? 300),
      retentionPeriod: Duration.days(props.retentionDays ?? 14),
      // Long polling: an empty queue costs one call in 20 s a worker.
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maximumReceives ?? 5 },
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
  }
}
