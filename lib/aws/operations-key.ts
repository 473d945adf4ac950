import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface OperationsKeyProps {
  /** Prefix of the names of the log groups that the key encrypts, e.g. `/tandem/acme-prod/`. */
  readonly logGroupPrefix: string;
  /** Services of AWS that publish to topics which the key encrypts, e.g. `cloudwatch`.
   * @default - none */
  readonly publishers?: readonly string[];
}

/**
 * A key for logs and notifications, rotated every year. A service may use it for what is named here only. Administration is
 * delegated to the account's IAM, as AWS advises, so that the key can never become unmanageable.
 */
export class OperationsKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { logGroupPrefix, publishers = [] }: OperationsKeyProps) {
    super(scope, id);
    const { region, account, partition } = Stack.of(this);
    this.key = new Key(this, 'Key', {
      description: `Log groups ${logGroupPrefix}* and notifications`,
      enableKeyRotation: true,
      // Logs go with their groups: nothing remains that would need the key.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogGroups',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:${logGroupPrefix}*`,
          },
        },
      }),
    );
    if (publishers.length === 0) return;
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Notifications',
        principals: publishers.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}
