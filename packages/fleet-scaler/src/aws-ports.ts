import { setTimeout as sleep } from 'node:timers/promises';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Pace, Ports } from './ports.ts';
import type { FunctionSettings } from './settings.ts';
import { readState } from './state.ts';

/** The item that is no instance's: no instance id looks like it, and without `at` nobody takes it for a heartbeat. */
const ITEM = 'fleet-scaler';
/** The item of a cluster that has no scaler any more vanishes after a day. */
const FORGET_SECONDS = 86_400;
const MINUTE_SECONDS = 60;
const WINDOW_SECONDS = 900;

/** Another look comes after 15 s: nothing is tried for long. */
const OPTIONS = { maxAttempts: 2, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export function awsPorts({ queueUrls, group, table, namespace }: FunctionSettings): Ports {
  const sqs = new SQSClient(OPTIONS);
  const autoScaling = new AutoScalingClient(OPTIONS);
  const cloudWatch = new CloudWatchClient(OPTIONS);
  const dynamo = new DynamoDBClient(OPTIONS);
  const item = { TableName: table, Key: { instanceId: { S: ITEM } } };
  return {
    async jobs(abortSignal) {
      const all = await Promise.all(
        queueUrls.map((QueueUrl) =>
          sqs.send(
            new GetQueueAttributesCommand({
              QueueUrl,
              AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
            }),
            { abortSignal },
          ),
        ),
      );
      const sum = (name: 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible'): number =>
        all.reduce((total, { Attributes }) => total + Number(Attributes?.[name]), 0);
      return {
        waiting: sum('ApproximateNumberOfMessages'),
        running: sum('ApproximateNumberOfMessagesNotVisible'),
      };
    },
    async pace(now, abortSignal) {
      const until = Math.floor(now / MINUTE_SECONDS - 1) * MINUTE_SECONDS;
      const answer = await cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date((until - WINDOW_SECONDS) * 1000),
          EndTime: new Date(until * 1000),
          MetricDataQueries: [durations('count', namespace, 'SampleCount'), durations('sum', namespace, 'Sum')],
        }),
        { abortSignal },
      );
      return paceOf(answer.MetricDataResults ?? []);
    },
    async sizes(abortSignal) {
      const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] });
      const { AutoScalingGroups: [found] = [] } = await autoScaling.send(command, { abortSignal });
      const { DesiredCapacity: desired, MinSize: minimum, MaxSize: maximum, Instances = [] } = found ?? {};
      if (desired === undefined || minimum === undefined || maximum === undefined)
        throw new Error(`there is no group ${group}`);
      const inService = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length;
      return { desired, minimum, maximum, inService };
    },
    async setDesired(DesiredCapacity, abortSignal) {
      const input = { AutoScalingGroupName: group, DesiredCapacity, HonorCooldown: false };
      await autoScaling.send(new SetDesiredCapacityCommand(input), { abortSignal });
    },
    async readState(abortSignal) {
      const { Item } = await dynamo.send(new GetItemCommand({ ...item, ConsistentRead: true }), { abortSignal });
      return readState(Item?.['scaler']?.S);
    },
    async writeState(state, now, abortSignal) {
      // An update: an alarm takes each put into this table for a heartbeat.
      await dynamo.send(
        new UpdateItemCommand({
          ...item,
          UpdateExpression: 'SET scaler = :state, expiresAt = :expiry',
          ExpressionAttributeValues: {
            ':state': { S: JSON.stringify(state) },
            ':expiry': { N: String(Math.floor(now) + FORGET_SECONDS) },
          },
        }),
        { abortSignal },
      );
    },
    sleep: async (milliseconds) => {
      await sleep(milliseconds);
    },
    log: (level, message, fields = {}) => {
      process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
    },
  };
}

/** The workers' durations of jobs that were done, in milliseconds, minute by minute. */
function durations(Id: string, Namespace: string, Stat: 'SampleCount' | 'Sum'): MetricDataQuery {
  return { Id, MetricStat: { Metric: { Namespace, MetricName: 'JobDuration' }, Period: MINUTE_SECONDS, Stat } };
}

function paceOf(results: readonly MetricDataResult[]): Pace {
  const total = (id: string): number =>
    results.find(({ Id }) => Id === id)?.Values?.reduce((sum, value) => sum + value, 0) ?? 0;
  const ended = total('count');
  return { ended, meanSeconds: ended === 0 ? 0 : total('sum') / ended / 1000 };
}
