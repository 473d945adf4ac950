import { CloudFormationClient, DescribeStacksCommand, DescribeTypeCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addRole } from '../../../lab/aws/iam/store.ts';
import { ACCOUNT, create, REGION, type Rig, rig } from './rig.ts';

/** SPEC.md, "Protocols and signatures". */
describe('requests', () => {
  let lab: Rig;
  beforeEach(async () => (lab = await rig()));
  afterEach(() => lab.endpoint.close());

  const list = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    new CloudFormationClient({ ...lab.config, credentials }).send(new DescribeStacksCommand({}));

  it('fail with a wrong secret, an unknown key, and none', async () => {
    const { credentials } = lab.config;
    await expect(list({ ...credentials, secretAccessKey: 'wrong' })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    await expect(list({ ...credentials, accessKeyId: 'AKIANOBODY' })).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    expect((await fetch(lab.endpoint.url, { method: 'POST' })).status).toBe(403);
  });

  it('pass with the keys of an assumed role, until they end', async () => {
    const role = addRole(lab.endpoint.state.realm(ACCOUNT, REGION), 'deploy', '/');
    const session = (seconds: number) => {
      const { AccessKeyId, SecretAccessKey, SessionToken } = lab.endpoint.state.newSession(ACCOUNT, role, 's', seconds);
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    };
    expect((await list(session(900))).Stacks).toEqual([]);
    await expect(list(session(-1))).rejects.toMatchObject({ name: 'ExpiredToken' });
    await expect(list({ ...session(900), sessionToken: 'other' })).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  it('fail for a call and a parameter that the endpoint does not have', async () => {
    const call = lab.cfn.send(new DescribeTypeCommand({ TypeName: 'AWS::SQS::Queue', Type: 'RESOURCE' }));
    await expect(call).rejects.toMatchObject({ name: 'InvalidAction' });
    const s3 = new S3Client(lab.config);
    await expect(
      s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x', Tagging: 'a=b' })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  it('fail by an injected fault, as often as it says', async () => {
    lab.endpoint.faults.failCall({ call: 'cloudformation:DescribeStacks', code: 'Throttling', times: 2 });
    const { credentials } = lab.config;
    for (let turn = 0; turn < 2; turn += 1)
      await expect(list(credentials)).rejects.toMatchObject({ name: 'Throttling' });
    expect((await list(credentials)).Stacks).toEqual([]);
  });

  it('reach a table that a stack made, conditions included', async () => {
    const table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'beats',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'instanceId', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'instanceId', KeyType: 'HASH' }],
      },
    };
    expect((await create(lab.cfn, 's', { Resources: { T: table } })).StackStatus).toBe('CREATE_COMPLETE');
    const db = new DynamoDBClient(lab.config);
    const put = () =>
      db.send(
        new PutItemCommand({
          TableName: 'beats',
          Item: { instanceId: { S: 'i-1' }, at: { N: '5' } },
          ConditionExpression: 'attribute_not_exists(instanceId)',
        }),
      );
    await put();
    await expect(put()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const { Item } = await db.send(new GetItemCommand({ TableName: 'beats', Key: { instanceId: { S: 'i-1' } } }));
    expect(Item?.['at']?.N).toBe('5');
    const query = new QueryCommand({
      TableName: 'beats',
      KeyConditionExpression: 'instanceId = :i',
      ExpressionAttributeValues: { ':i': { S: 'i-1' } },
    });
    expect((await db.send(query)).Count).toBe(1);
    const make = new CreateTableCommand({ TableName: 'x', AttributeDefinitions: [], KeySchema: [] });
    await expect(db.send(make)).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
