import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { labCredentials, labEnvironment } from '../../../lab/aws/credentials.ts';
import { createTable } from '../../../lab/aws/dynamodb/tables.ts';
import { startMetadataService } from '../../../lab/aws/imds/server.ts';
import { type LabInstance, launchOne } from '../../../lab/aws/model/instances.ts';
import { modelOf } from '../../../lab/aws/model/model.ts';
import { type Bucket, currentObject, newBucket, putObject } from '../../../lab/aws/s3/store.ts';
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from '../../../lab/aws/server.ts';
import type { Queue } from '../../../lab/aws/sqs/queue.ts';
import { createQueue } from '../../../lab/aws/sqs/store.ts';
import type { Realm } from '../../../lab/aws/world.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-3';
export const GROUP = 'lab-workers';

/** An agent's process is the boot here: machines come and go at once. */
const none = { mean: 0, spread: 0 };
const AT_ONCE: NonNullable<AwsEndpointOptions['model']> = {
  timings: { boot: none, running: none, terminate: none },
  consistency: { share: 0, mostSeconds: 0 },
};
const TEMPLATE = {
  ...{ ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'm6g.large' },
  InstanceMarketOptions: { MarketType: 'spot' },
};

const root = join(import.meta.dirname, '../../..');

export interface ClusterOptions extends AwsEndpointOptions {
  readonly visibilitySeconds?: number;
  readonly maximumReceives?: number;
}

/** What a worker works with, on the lab's endpoint: queues, bucket, table, and a group with both hooks. */
export class LabCluster {
  readonly endpoint: AwsEndpoint;
  readonly realm: Realm;
  readonly jobs: Queue;
  readonly deadLetters: Queue;
  readonly bucket: Bucket;
  readonly folder = mkdtempSync(join(tmpdir(), 'tandem-cluster-'));
  readonly visibilitySeconds: number;
  readonly maximumReceives: number;

  private constructor(endpoint: AwsEndpoint, options: ClusterOptions) {
    this.endpoint = endpoint;
    this.visibilitySeconds = options.visibilitySeconds ?? 3;
    this.maximumReceives = options.maximumReceives ?? 5;
    this.realm = endpoint.state.realm(ACCOUNT, REGION);
    this.deadLetters = createQueue(this.realm, 'lab-dead-letters', {});
    this.jobs = createQueue(this.realm, 'lab-jobs', {
      VisibilityTimeout: String(this.visibilitySeconds),
      ReceiveMessageWaitTimeSeconds: '20',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: this.deadLetters.arn,
        maxReceiveCount: this.maximumReceives,
      }),
    });
    this.bucket = newBucket(endpoint.state, 'lab-results', ACCOUNT, REGION);
    // Versions show a second result, where there is one.
    this.bucket.versioned = true;
    const hook = (LifecycleHookName: string, transition: 'LAUNCHING' | 'TERMINATING', DefaultResult: string) => ({
      ...{ LifecycleHookName, LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}` as const },
      ...{ HeartbeatTimeout: 600, DefaultResult },
    });
    const { ec2, autoscaling } = modelOf(this.realm);
    ec2.createLaunchTemplate({ LaunchTemplateName: GROUP, LaunchTemplateData: TEMPLATE });
    autoscaling.createAutoScalingGroup({
      ...{ AutoScalingGroupName: GROUP, MinSize: 0, MaxSize: 100, DesiredCapacity: 0 },
      LaunchTemplate: { LaunchTemplateName: GROUP, Version: '$Latest' },
      AvailabilityZones: ['a', 'b', 'c'].map((letter) => `${REGION}${letter}`),
      LifecycleHookSpecificationList: [
        hook('first-heartbeat', 'LAUNCHING', 'ABANDON'),
        hook('drain', 'TERMINATING', 'CONTINUE'),
      ],
    });
  }

  static async start(options: ClusterOptions = {}): Promise<LabCluster> {
    const cluster = new LabCluster(await startAwsEndpoint({ model: AT_ONCE, ...options }), options);
    await createTable(cluster.realm, 'lab-heartbeats', {
      AttributeDefinitions: [{ AttributeName: 'instanceId', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'instanceId', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await createTable(cluster.realm, 'lab-jobs', {
      AttributeDefinitions: ['id', 'state', 'submittedAt'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-state',
          KeySchema: [
            { AttributeName: 'state', KeyType: 'HASH' },
            { AttributeName: 'submittedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    });
    return cluster;
  }

  async close(): Promise<void> {
    await this.endpoint.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An instance of the group, and where its metadata are served. */
  async launch(): Promise<{ instance: LabInstance; metadataUrl: string }> {
    const instance = launchOne(this.realm, GROUP);
    return { instance, metadataUrl: (await startMetadataService(this.realm, instance.id)).url };
  }

  get clientOptions() {
    return { region: REGION, endpoint: this.endpoint.url, credentials: labCredentials(ACCOUNT) };
  }

  environment(metadataUrl: string): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      ...labEnvironment(this.endpoint.url, ACCOUNT, REGION),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadataUrl,
      STATE_DIRECTORY: mkdtempSync(join(this.folder, 'state-')),
    };
  }

  workerConfig(command: readonly string[], more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { timeoutSeconds = 60, ...rest } = more;
    return {
      format: 'tandem.worker/2',
      cluster: 'lab',
      region: REGION,
      program: { kind: 'command', command, version: '1' },
      queues: [
        {
          ...{ name: 'jobs', url: this.jobs.url, priority: 1, timeoutSeconds },
          ...{ visibilityTimeoutSeconds: this.visibilitySeconds, maximumReceives: this.maximumReceives },
        },
      ],
      bucket: this.bucket.name,
      documentsPrefix: 'documents/',
      resultsPrefix: 'results/',
      jobs: { table: 'lab-jobs' },
      heartbeats: { table: 'lab-heartbeats', everySeconds: 15, lostAfterSeconds: 45 },
      metrics: { namespace: 'Tandem/lab' },
      group: GROUP,
      hooks: { launching: 'first-heartbeat', terminating: 'drain', terminatingHeartbeatSeconds: 300 },
      retry: { firstSeconds: 1, mostSeconds: 1 },
      pollSeconds: 0.5,
      ...rest,
    };
  }

  configFile(command: readonly string[], more: Readonly<Record<string, unknown>> = {}): string {
    const file = join(this.folder, `worker-${Math.random().toString(36).slice(2)}.json`);
    writeFileSync(file, JSON.stringify(this.workerConfig(command, more)));
    return file;
  }

  send(body: string): void {
    const { ids, clock } = this.realm.world;
    this.jobs.send(
      {
        id: ids.uuid(),
        body,
        md5: md5(body),
        attributes: {},
        attributesMd5: undefined,
        sent: clock.now(),
        sender: 'lab',
      },
      0,
    );
  }

  /** As `job cancel` does. */
  async cancel(id: string): Promise<void> {
    const client = new DynamoDBClient(this.clientOptions);
    const Item = { id: { S: id }, state: { S: 'cancelled' } };
    await client.send(new PutItemCommand({ TableName: 'lab-jobs', Item }));
  }

  /** The heartbeat of an instance, as texts. */
  async heartbeat(instanceId: string): Promise<Readonly<Record<string, string | undefined>>> {
    const client = new DynamoDBClient(this.clientOptions);
    const input = { TableName: 'lab-heartbeats', Key: { instanceId: { S: instanceId } } };
    const { Item = {} } = await client.send(new GetItemCommand(input));
    return Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, value.S]));
  }

  putDocument(name: string, content: string | Buffer): void {
    putObject(this.realm.world, this.bucket, { key: `documents/${name}`, body: Buffer.from(content) });
  }

  /** Versions written under a job's result; more than one must never be. */
  versions(job: string): number {
    return this.bucket.objects.get(`results/${job}`)?.length ?? 0;
  }

  result(job: string): string | undefined {
    return currentObject(this.bucket, `results/${job}`)?.body.toString('utf8');
  }
}

/** Bundles the agent into the folder, as a deployment would. */
export function bundleAgent(folder: string): string {
  const file = join(folder, 'worker-agent.mjs');
  execFileSync(process.execPath, [join(root, 'packages/worker-agent/scripts/build.mts'), file]);
  return file;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
