import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface HeartbeatsTableProps {
  readonly key: IKey;
}

/**
 * One item an instance (`instanceId`; `at`, `job`, `version`, `state`), written every 15 s: about 34 writes a second for 500
 * instances. Items of instances that are gone vanish by `expiresAt` (seconds since 1970). Nothing in it is worth a backup:
 * what it says is over after 45 s.
 */
export class HeartbeatsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { key }: HeartbeatsTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'instanceId', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      // A fleet goes from none to 500 within minutes; provisioned capacity would follow too late.
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
