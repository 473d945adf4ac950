import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { labCredentials, startAwsEndpoint } from '../../../../lab/aws/index.ts';
import { cloudFormationEngine } from '../../../../lib/engines/cloudformation/cloudformation-engine.ts';
import type { CloudFormationConnection } from '../../../../lib/engines/cloudformation/connection.ts';
import type { EngineOptions, FrozenStackPlan, StackEvent } from '../../../../lib/engines/engine.ts';
import type { StackId } from '../../../../lib/stack/id.ts';
import { digestOf, type SynthesizedStack } from '../../../../lib/stack/synthesized.ts';

const account = '222233334444';
const region = 'eu-west-3';

/** A stack with data, on the endpoint in this process; clients find it as an operator's do, by the environment. */
export async function openRig(more: Partial<Parameters<typeof cloudFormationEngine>[0]> = {}) {
  const endpoint = await startAwsEndpoint({ stepMilliseconds: 5 });
  process.env['AWS_ENDPOINT_URL'] = endpoint.url;
  const credentials = async () => labCredentials(account);
  const own = { endpoint: endpoint.url, region, credentials };
  const cloudFormation = new CloudFormationClient(own);
  const arn = `arn:aws:iam::${account}:root`;
  const connection: CloudFormationConnection = { account, region, partition: 'aws', arn, cloudFormation, credentials };
  const engine = cloudFormationEngine({
    connect: async () => connection,
    settings: () => ({ terminationProtection: false, tags: {}, file: '', keptCost: () => '1.5 EUR' }),
    assets: async () => undefined,
    ...more,
  });
  const signal = new AbortController().signal;
  const plan = (stack: SynthesizedStack, { destroy = false, readOnly = false } = {}) =>
    engine.plan(stack, { signal, parallelism: 4, destroy, adopt: false, readOnly });
  const apply = async (frozen: FrozenStackPlan, more: Partial<EngineOptions> = {}): Promise<StackEvent[]> => {
    const events: StackEvent[] = [];
    for await (const event of engine.apply(frozen, { signal, parallelism: 4, ...more })) events.push(event);
    await engine.discard(frozen);
    return events;
  };
  const only = (type: string) => endpoint.state.realm(account, region).ofType(type);
  return {
    ...{ endpoint, engine, connection, plan, apply },
    s3: new S3Client({ ...own, forcePathStyle: true }),
    sqs: new SQSClient(own),
    ids: (type: string) => only(type).map(({ physicalId }) => physicalId),
    drift: async (stack: SynthesizedStack) => engine.drift(stack, { signal, parallelism: 4 }),
    deploy: async (stack: SynthesizedStack) => apply(await plan(stack)),
    destroy: async (stack: SynthesizedStack, options: Partial<EngineOptions> = {}) =>
      apply(await plan(stack, { destroy: true }), options),
    async close() {
      delete process.env['AWS_ENDPOINT_URL'];
      await endpoint.close();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof openRig>>;

/** A bucket and a queue with names of their own or of CloudFormation, and the key that encrypts both. */
export function storeStack(
  policy: 'Delete' | 'Retain',
  more: object = {},
  id: StackId = 'custom/store',
): SynthesizedStack {
  const kept = { DeletionPolicy: policy, UpdateReplacePolicy: policy };
  const KeyPolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
  };
  const KMSMasterKeyID = { 'Fn::GetAtt': ['Key', 'Arn'] };
  const encryption = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } };
  const Resources = {
    Bucket: {
      ...{ Type: 'AWS::S3::Bucket', ...kept },
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: { ServerSideEncryptionConfiguration: [encryption] },
      },
    },
    Jobs: { Type: 'AWS::SQS::Queue', ...kept, Properties: { QueueName: 'acme-jobs', KmsMasterKeyId: { Ref: 'Key' } } },
    Key: { Type: 'AWS::KMS::Key', ...kept, Properties: { KeyPolicy } },
    Rest: { Type: 'AWS::SQS::Queue' },
    ...more,
  };
  const text = JSON.stringify({ Resources, Outputs: { Url: { Value: { Ref: 'Jobs' } } } });
  const head = {
    id,
    engine: 'cloudformation',
    dependsOn: [],
    unresolvedInputs: [],
    files: [],
    target: {},
    citations: {},
  };
  return { ...(head as Omit<SynthesizedStack, 'text' | 'digest'>), text, digest: digestOf(text) };
}
