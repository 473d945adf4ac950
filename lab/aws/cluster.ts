import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { DEFAULT_ACCOUNT } from './credentials.ts';
import { createTable } from './dynamodb/tables.ts';
import { launchOne } from './model/instances.ts';
import { modelOf } from './model/model.ts';
import { type Bucket, newBucket, putObject } from './s3/store.ts';
import { createQueue } from './sqs/store.ts';
import { putParameter } from './ssm/store.ts';
import type { Realm, World } from './world.ts';

/** Format `tandem.lab-cluster/1`: what an analysis cluster has, for an endpoint that has it from its start. */
const schema = z.strictObject({
  format: z.literal('tandem.lab-cluster/1'),
  account: z
    .string()
    .regex(/^\d{12}$/)
    .default(DEFAULT_ACCOUNT),
  region: z.string(),
  /** Name of the Auto Scaling group. */
  group: z.string(),
  hooks: z.strictObject({ launching: z.string(), terminating: z.string() }),
  queues: z.array(
    z.strictObject({
      name: z.string(),
      deadLetters: z.string(),
      visibilitySeconds: z.number(),
      maximumReceives: z.number(),
    }),
  ),
  buckets: z.array(z.string()),
  tables: z.strictObject({ jobs: z.string(), heartbeats: z.string() }),
  /** Files that are in a bucket from the start. */
  objects: z.array(z.strictObject({ bucket: z.string(), key: z.string(), file: z.string() })),
  parameters: z.record(z.string(), z.unknown()),
  /** Addresses of the machines that are its instances. */
  workers: z.array(z.string()),
});

export type ClusterDescription = z.output<typeof schema>;

/** @throws ZodError, SyntaxError */
export function readCluster(file: string): ClusterDescription {
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });

/** Makes what CloudFormation makes for a cluster, without it: the names are given. */
export async function makeCluster(world: World, cluster: ClusterDescription): Promise<Realm> {
  const { account, region, tables } = cluster;
  const realm = world.realm(account, region);
  for (const { name, deadLetters, visibilitySeconds, maximumReceives } of cluster.queues) {
    const dead = createQueue(realm, deadLetters, { MessageRetentionPeriod: '1209600' });
    createQueue(realm, name, {
      VisibilityTimeout: String(visibilitySeconds),
      ReceiveMessageWaitTimeSeconds: '20',
      MessageRetentionPeriod: '1209600',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: maximumReceives }),
    });
  }
  const buckets = new Map<string, Bucket>();
  for (const name of cluster.buckets) buckets.set(name, newBucket(world, name, account, region));
  for (const { bucket, key, file } of cluster.objects) {
    const found = buckets.get(bucket);
    if (found !== undefined) putObject(world, found, { key, body: readFileSync(file) });
  }
  await createTable(realm, tables.heartbeats, {
    AttributeDefinitions: [text('instanceId')],
    KeySchema: [{ AttributeName: 'instanceId', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await createTable(realm, tables.jobs, {
    AttributeDefinitions: ['id', 'state', 'submittedAt'].map(text),
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-state',
        KeySchema: [
          { AttributeName: 'state', KeyType: 'HASH' },
          { AttributeName: 'submittedAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: ['queue', 'submittedBy', 'at', 'instanceId', 'receives', 'reason', 'size', 'expiresAt'],
        },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  putParameters(realm, cluster);
  makeGroup(realm, cluster);
  return realm;
}

export function putParameters(realm: Realm, { parameters }: ClusterDescription): void {
  for (const [name, value] of Object.entries(parameters)) putParameter(realm, name, JSON.stringify(value), 'String');
}

function makeGroup(realm: Realm, { group, hooks, region }: ClusterDescription): void {
  const { ec2, autoscaling } = modelOf(realm);
  const hook = (LifecycleHookName: string, transition: 'LAUNCHING' | 'TERMINATING', DefaultResult: string) => ({
    ...{ LifecycleHookName, LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}` as const },
    ...{ HeartbeatTimeout: 7200, DefaultResult },
  });
  ec2.createLaunchTemplate({
    LaunchTemplateName: group,
    LaunchTemplateData: { ImageId: 'ami-0a1b2c3d4e5f60002', InstanceType: 'm6i.large' },
  });
  autoscaling.createAutoScalingGroup({
    ...{ AutoScalingGroupName: group, MinSize: 0, MaxSize: 200, DesiredCapacity: 0 },
    LaunchTemplate: { LaunchTemplateName: group, Version: '$Latest' },
    AvailabilityZones: ['a', 'b', 'c'].map((letter) => `${region}${letter}`),
    LifecycleHookSpecificationList: [
      hook(hooks.launching, 'LAUNCHING', 'ABANDON'),
      hook(hooks.terminating, 'TERMINATING', 'CONTINUE'),
    ],
  });
}

/**
 * Which instance a machine is: each worker's address is one of the group for as long as the endpoint runs, launched when it asks for
 * the first time. Workers that come later stand in the file by then.
 */
export function instancesByAddress(
  realm: Realm,
  { group }: ClusterDescription,
  workers: () => readonly string[],
): (message: IncomingMessage) => string | undefined {
  const known = new Map<string, string>();
  return (message) => {
    const address = (message.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const found = known.get(address);
    if (found !== undefined) return found;
    if (!workers().includes(address)) return undefined;
    const { id } = launchOne(realm, group);
    known.set(address, id);
    return id;
  };
}
