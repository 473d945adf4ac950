import { AnyPrincipal, type Conditions, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { endpointsOfService } from '../config/endpoints.ts';
import type { EndpointName } from '../config/schema/environment-network.ts';

/** What may pass endpoints besides what workers need. */
export interface PolicyAddition {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Whether the caller may be of another account: a service of AWS signs for its own.
   * @default - false */
  readonly byOthers?: boolean;
}

interface Place {
  readonly region: string;
  readonly account: string;
  readonly additions: readonly PolicyAddition[];
}

/**
 * What may pass an endpoint: the calls that workers and the agents on their instances make, and no other. An endpoint's policy
 * limits what the role allows once more. Services whose calls have no resource can only be limited by action and account.
 */
const ACTIONS: Readonly<Record<EndpointName, readonly string[]>> = {
  s3: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListBucket'],
  dynamodb: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Scan'],
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
  ssm: [
    'ssm:GetParameter',
    'ssm:UpdateInstanceInformation',
    'ssm:ListAssociations',
    'ssm:ListInstanceAssociations',
    'ssm:UpdateInstanceAssociationStatus',
    'ssm:GetDocument',
    'ssm:DescribeDocument',
  ],
  ssmmessages: [
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  ec2messages: [
    'ec2messages:AcknowledgeMessage',
    'ec2messages:DeleteMessage',
    'ec2messages:FailMessage',
    'ec2messages:GetEndpoint',
    'ec2messages:GetMessages',
    'ec2messages:SendReply',
  ],
  ec2: ['ec2:DescribeInstances', 'ec2:DescribeTags'],
  logs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  kms: ['kms:Decrypt', 'kms:GenerateDataKey'],
  autoscaling: [
    'autoscaling:CompleteLifecycleAction',
    'autoscaling:RecordLifecycleActionHeartbeat',
    'autoscaling:SetInstanceHealth',
    'autoscaling:SetInstanceProtection',
  ],
  monitoring: ['cloudwatch:PutMetricData'],
  secretsmanager: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
  sts: ['sts:GetCallerIdentity'],
  'ecr.api': ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  'ecr.dkr': ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
};

/** Services whose resources have an account that can be checked: nothing of this account is written to another's. */
const OWN_RESOURCES: ReadonlySet<EndpointName> = new Set(['s3', 'dynamodb', 'sqs', 'logs', 'kms', 'secretsmanager']);

/** The policy of an endpoint: this account's principals, those actions; what is added, on the resources that it names. */
export function endpointPolicy(service: EndpointName, { region, account, additions }: Place): PolicyDocument {
  const conditions: Conditions = {
    StringEquals: {
      'aws:PrincipalAccount': account,
      ...(OWN_RESOURCES.has(service) ? { 'aws:ResourceAccount': account } : {}),
    },
  };
  const statements = [
    new PolicyStatement({
      sid: 'OwnAccount',
      principals: [new AnyPrincipal()],
      actions: [...ACTIONS[service]],
      resources: ['*'],
      conditions,
    }),
  ];
  if (service === 's3') statements.push(packages(region));
  for (const { actions, resources, byOthers = false } of additions) {
    const own = actions.filter((action) => endpointsOfService(action.split(':')[0] ?? '').includes(service));
    if (own.length === 0) continue;
    statements.push(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: own,
        resources: [...resources],
        ...(byOthers ? {} : { conditions: { StringEquals: { 'aws:PrincipalAccount': account } } }),
      }),
    );
  }
  return new PolicyDocument({ statements });
}

/** Amazon Linux and the agents on it come from buckets of AWS; packages are fetched without a signature, so by nobody's account. */
function packages(region: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'AmazonLinuxPackages',
    principals: [new AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [
      `arn:aws:s3:::al2023-repos-${region}-de612dc2/*`,
      `arn:aws:s3:::amazon-ssm-${region}/*`,
      `arn:aws:s3:::aws-ssm-${region}/*`,
    ],
  });
}
