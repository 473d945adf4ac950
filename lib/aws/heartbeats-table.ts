import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface HeartbeatsTableProps {
  readonly key: IKey;
}

/**
 * One item an instance (`instanceId`; `at`, `job`, `version`, `state`), written every 15 s: about 34 writes a second for 500
 * instances. Items of terminated instances expire by TTL (`expiresAt`, seconds since 1970). There is no backup:
 * an item is stale after 45 s.
 */
export class HeartbeatsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { key }: HeartbeatsTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'instanceId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      // A fleet grows from 0 to 500 within minutes; provisioned capacity would scale too late.
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
