import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateLaunchTemplateCommand, EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { VirtualClock } from '../../../../lab/aws/clock.ts';
import type { AwsEndpointOptions } from '../../../../lab/aws/index.ts';
import { queueNames } from '../../../../lib/aws/queue-names.ts';
import type { ClusterParts } from '../../../../lib/aws-api/worker-parameter.ts';
import type { Heartbeat } from '../../../../lib/fleet/view.ts';
import { ACCOUNT, create, REGION, type Rig, rig } from '../../../lab/aws/rig.ts';

const NAME = 'acme-prod';
export const GROUP = `${NAME}-workers`;

export interface TestCluster {
  readonly lab: Rig;
  readonly clock: VirtualClock;
  readonly parts: ClusterParts;
  /** Lines of answered requests since the last call. */
  calls(): string[];
  /** Ids of the group's instances, oldest first. */
  ids(): Promise<string[]>;
  /** Heartbeats of these instances at this moment. */
  beat(ids: readonly string[], state?: string): Promise<void>;
  /** All that one agent says of itself, as it writes it. */
  say(id: string, heartbeat: Heartbeat): Promise<void>;
}

export interface ClusterOptions {
  readonly minimum?: number;
  readonly maximum?: number;
  /** How far its time is behind ours once it stands, for what a test advances it by. @default 0 */
  readonly behindMs?: number;
  /** Highest priority first. */
  readonly queues?: readonly string[];
}

/** A cluster at the endpoint, as its stack makes it, with instances that sent heartbeats. */
export async function testCluster(
  size: number,
  model: AwsEndpointOptions['model'] = {},
  { minimum = 1, maximum = 600, queues = ['jobs'], behindMs = 0 }: ClusterOptions = {},
): Promise<TestCluster> {
  let lines: string[] = [];
  // Signatures are verified by the real clock.
  const clock = new VirtualClock({ start: Date.now() - 600_000 - behindMs });
  const lab = await rig({ clock, model, log: (line) => void lines.push(line) });
  const { config, cfn } = lab;
  const ec2 = new EC2Client(config);
  const dynamo = new DynamoDBClient(config);
  const url = (name: string): string => `${lab.endpoint.url}/${ACCOUNT}/${name}`;
  const worker = {
    ...{ format: 'tandem.worker/2', cluster: NAME, group: GROUP, program: { kind: 'archive', version: '1.2.0' } },
    queues: queues.map((name, index) => ({
      name,
      url: url(`${NAME}-${name}`),
      priority: queues.length - index,
      timeoutSeconds: 1800,
    })),
    heartbeats: { table: 'heartbeats', lostAfterSeconds: 45 },
    metrics: { namespace: `Tandem/${NAME}` },
    ...{ bucket: 'results', resultsPrefix: 'results/', jobs: { table: 'jobs' } },
  };
  await create(cfn, 'cluster', { Resources: { ...queueResources(queues), ...resources(JSON.stringify(worker)) } });
  const data = { ImageId: 'ami-0a1b2c3d4e5f60001', InstanceType: 'c7g.xlarge' as const };
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: GROUP, LaunchTemplateData: data }));
  await new AutoScalingClient(config).send(
    new CreateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: GROUP, MinSize: minimum, MaxSize: maximum, DesiredCapacity: size },
      VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
      LaunchTemplate: { LaunchTemplateName: GROUP, Version: '1' },
    }),
  );
  await clock.advance(600_000);
  const ids = async (): Promise<string[]> => {
    const Filters = [{ Name: 'tag:aws:autoscaling:groupName', Values: [GROUP] }];
    const found: { id: string; at: number }[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2, pageSize: 1000 }, { Filters }))
      for (const { Instances = [] } of Reservations)
        for (const { InstanceId: id = '', LaunchTime } of Instances) found.push({ id, at: LaunchTime?.getTime() ?? 0 });
    return found.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  };
  const beat = async (all: readonly string[], state = 'idle'): Promise<void> => {
    const at = { S: new Date(clock.now()).toISOString() };
    for (let first = 0; first < all.length; first += 25) {
      const puts = all.slice(first, first + 25).map((id) => ({
        PutRequest: {
          Item: { instanceId: { S: id }, at, state: { S: state }, version: { S: '0.4.0' }, program: { S: '1.2.0' } },
        },
      }));
      await dynamo.send(new BatchWriteItemCommand({ RequestItems: { heartbeats: puts } }));
    }
  };
  const say = async (id: string, heartbeat: Heartbeat): Promise<void> => {
    const { at, state, job, jobSince, version, program, failures = 0, reason } = heartbeat;
    const since = { S: new Date(jobSince ?? at).toISOString() };
    const jobs = job === undefined ? [] : [{ M: { id: { S: job }, queue: { S: 'jobs' }, since } }];
    const texts = Object.entries({ instanceId: id, state, version, program, reason, job });
    await dynamo.send(
      new PutItemCommand({
        TableName: 'heartbeats',
        Item: {
          ...Object.fromEntries(texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, { S: text }]]))),
          ...{ at: { S: new Date(at).toISOString() }, failures: { N: String(failures) }, jobs: { L: jobs } },
        },
      }),
    );
  };
  await beat(await ids());
  const parts: ClusterParts = {
    ...{ name: NAME, group: GROUP, heartbeatsTable: 'heartbeats', lostAfterSeconds: 45, program: '1.2.0' },
    ...{ queues: worker.queues, metrics: worker.metrics.namespace },
    jobs: { table: 'jobs', bucket: 'results', resultsPrefix: 'results/' },
  };
  const calls = (): string[] => {
    const told = lines;
    lines = [];
    return told;
  };
  calls();
  return { lab, clock, parts, calls, ids, beat, say };
}

/** As the construct names them. */
function queueResources(queues: readonly string[]): object {
  return Object.fromEntries(
    queues.flatMap((queue, index) => {
      const { jobs, deadLetters } = queueNames(NAME, queue);
      const redrive = { deadLetterTargetArn: { 'Fn::GetAtt': [`Dead${index}`, 'Arn'] }, maxReceiveCount: 1 };
      return [
        [`Dead${index}`, { Type: 'AWS::SQS::Queue', Properties: { QueueName: deadLetters } }],
        [`Jobs${index}`, { Type: 'AWS::SQS::Queue', Properties: { QueueName: jobs, RedrivePolicy: redrive } }],
      ];
    }),
  );
}

function resources(worker: string): object {
  return {
    Heartbeats: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        ...{ TableName: 'heartbeats', BillingMode: 'PAY_PER_REQUEST' },
        KeySchema: [{ AttributeName: 'instanceId', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'instanceId', AttributeType: 'S' }],
      },
    },
    Worker: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: `/tandem/${NAME}/worker`, Type: 'String', Value: worker },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'tandem-deploy',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
          ],
        },
      },
    },
  };
}

export { ACCOUNT, REGION };
