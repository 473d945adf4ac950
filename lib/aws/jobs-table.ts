import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** Index of jobs by `state`, then by `submittedAt` (ISO 8601): all attributes but the body. */
const JOBS_BY_STATE = 'by-state';

export interface JobsTableProps {
  readonly key: IKey;
  /** Whether the table outlives the stack.
   * @default - true */
  readonly retain?: boolean;
}

/**
 * One item a job (`id`; `queue`, `state`, `submittedAt`, `submittedBy`, `at`, `instanceId`, `receives`, `reason`, `size`, `sha256`, `body`), for
 * those who ask what became of it. The queue and the results are the truth: an item that was not written loses no job. Items expire by
 * TTL (`expiresAt`, seconds since 1970).
 */
export class JobsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { key, retain }: JobsTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      // Thousands of jobs come within a minute, and then none for a day.
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      removalPolicy: retain === false ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: JOBS_BY_STATE,
      partitionKey: { name: 'state', type: AttributeType.STRING },
      sortKey: { name: 'submittedAt', type: AttributeType.STRING },
      // A body of 64 KiB in the index would be paid for at each change of state.
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['queue', 'submittedBy', 'at', 'instanceId', 'receives', 'reason', 'size', 'expiresAt'],
    });
  }
}
