import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LONGEST_IN_QUEUE_DAYS } from '../config/schema/environment-queues.ts';

/** Where bodies of jobs are that no message of SQS holds. */
export const JOBS_PREFIX = 'jobs/';
/** Where jobs read from. */
export const DOCUMENTS_PREFIX = 'documents/';
/** Where jobs write to, once each. */
export const RESULTS_PREFIX = 'results/';

export interface ResultsBucketProps {
  readonly key: IKey;
  /** Days after which results are deleted. Documents are kept.
   * @default - 90
   * @remarks CAUTION: lowering it deletes older results within a day. */
  readonly expireDays?: number;
  /** Days that a deleted object can still be restored.
   * @default - 7 */
  readonly undoDays?: number;
  /** Whether the bucket outlives the stack.
   * @default - true: CloudFormation could not delete it anyway while something is in it */
  readonly retain?: boolean;
}

/**
 * Documents and results. Versioned, although results are written once: not against a second write, which the bucket denies, but
 * so that a deleted object can be restored for some days.
 */
export class ResultsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ResultsBucketProps) {
    super(scope, id);
    const { expireDays = 90 } = props;
    const undo = Duration.days(props.undoDays ?? 7);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: props.retain === false ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'expire-results', prefix: RESULTS_PREFIX, expiration: Duration.days(expireDays) },
        {
          id: 'forget-deleted',
          noncurrentVersionExpiration: undo,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(2),
        },
        // As long as the records of their jobs, which may be retried until then.
        { id: 'expire-jobs', prefix: JOBS_PREFIX, expiration: Duration.days(expireDays + LONGEST_IN_QUEUE_DAYS) },
      ],
    });
    // The bucket enforces that a result is written once: it denies a put without `If-None-Match`.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ResultsAreWrittenOnce',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${RESULTS_PREFIX}*`)],
        conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      }),
    );
  }
}
