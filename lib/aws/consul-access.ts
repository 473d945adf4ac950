import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ConsulNodeProps } from './consul-node.ts';

/** Where Consul is in the bucket of assets, as its makers pack it. */
export interface ConsulArchive {
  readonly bucket: IBucket;
  readonly objectKey: string;
  /** Of the archive, in hexadecimal digits. */
  readonly sha256: string;
}

/** The two parameters of a role, by the name of the cluster. */
export function consulParameters(name: string, role: ConsulNodeProps['role']) {
  return { settings: `/tandem/${name}/discovery/${role}`, secrets: `/tandem/${name}/discovery/${role}-secrets` };
}

/** What its role may do for it: read its two parameters, of which the key of Systems Manager decrypts one, and fetch the archive. */
export function consulPermissions(
  scope: Construct,
  name: string,
  role: ConsulNodeProps['role'],
  { bucket, objectKey }: ConsulArchive,
): PolicyStatement[] {
  const { settings, secrets } = consulParameters(name, role);
  const arn = (parameter: string): string =>
    Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameter.slice(1) });
  return [
    new PolicyStatement({
      sid: 'ReadConsulParameters',
      actions: ['ssm:GetParameter'],
      resources: [arn(settings), arn(secrets)],
    }),
    new PolicyStatement({
      sid: 'FetchConsul',
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(objectKey)],
    }),
  ];
}
