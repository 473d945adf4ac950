import { GetMetricDataCommand, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { queueNames } from '../../aws/queue-names.ts';
import type { ClusterParts } from '../../aws-api/worker-parameter.ts';
import type { QueueView } from '../cloud.ts';
import type { Place } from './look.ts';

/** vCPUs of an account's running instances of the standard families, and how many it may have; undefined where AWS does not say. */
export interface Vcpus {
  readonly used: number | undefined;
  readonly quota: number | undefined;
}

export interface Measured {
  readonly queues: readonly QueueView[];
  readonly onDemand: Vcpus;
  readonly spot: Vcpus;
}

/** CloudWatch has no later value of a queue that is used, in milliseconds; usage is measured every five minutes. */
const RECENT_MS = 15 * 60_000;

const CLASSES = { onDemand: 'Standard/OnDemand', spot: 'Standard/Spot' } as const;

/**
 * Queues and quotas: one call of CloudWatch, and of a single queue two of SQS, whose own counts are seconds old. What CloudWatch alone is
 * asked for is a minute old, or five: of several queues all counts, so that what a fleet costs does not grow with them.
 */
export async function measure(place: Place): Promise<Measured> {
  const [first, ...others] = place.parts.queues;
  const isOne = others.length === 0 && first !== undefined;
  const [metrics, counts] = await Promise.all([
    readMetrics(place, !isOne),
    isOne ? countsOf(place, first.url) : undefined,
  ]);
  const queues = place.parts.queues.map(({ name }, index): QueueView => {
    const told = (what: string): number => metrics(`${what}${index}`) ?? 0;
    const {
      waiting = told('waiting') + told('delayed'),
      running = told('running'),
      deadLetters = told('dead'),
    } = counts ?? {};
    return {
      name,
      waiting,
      running,
      deadLetters,
      oldestSeconds: waiting + running === 0 ? 0 : (metrics(`age${index}`) ?? 0),
    };
  });
  const vcpus = (kind: keyof typeof CLASSES): Vcpus => ({
    used: metrics(`${kind}Used`),
    quota: metrics(`${kind}Quota`),
  });
  return { queues, onDemand: vcpus('onDemand'), spot: vcpus('spot') };
}

/** Jobs of six hours tell what the next ones take: each hour's by ten percentiles, so that all are a sample of them. */
const JOBS = {
  milliseconds: 6 * 3_600_000,
  period: 3600,
  percentiles: [5, 15, 25, 35, 45, 55, 65, 75, 85, 95],
} as const;

/** Durations of jobs as their workers measured them, in seconds: a sample, empty where no job ended lately. One call. */
export async function jobSeconds({ clients, parts, now }: Place): Promise<readonly number[]> {
  if (parts.metrics === undefined) return [];
  const Metric = { Namespace: parts.metrics, MetricName: 'JobDuration' };
  const at = now();
  const { MetricDataResults = [] } = await clients.cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: JOBS.percentiles.map((percent) => ({
        Id: `p${percent}`,
        MetricStat: { Metric, Period: JOBS.period, Stat: `p${percent}` },
      })),
      StartTime: new Date(at - JOBS.milliseconds),
      EndTime: new Date(at),
    }),
  );
  return MetricDataResults.flatMap(({ Values = [] }) => Values.map((milliseconds) => milliseconds / 1000));
}

async function readMetrics(
  { clients, parts, now }: Place,
  withCounts: boolean,
): Promise<(id: string) => number | undefined> {
  const queries = [
    ...parts.queues.map(({ url }, index) => queueQuery(`age${index}`, lastPart(url), 'ApproximateAgeOfOldestMessage')),
    ...(withCounts ? parts.queues.flatMap((queue, index) => countQueries(parts.name, queue, index)) : []),
    ...Object.entries(CLASSES).flatMap(([kind, name]) => usageQueries(kind, name)),
  ];
  const at = now();
  const { MetricDataResults = [] } = await clients.cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(at - RECENT_MS),
      EndTime: new Date(at),
      ScanBy: 'TimestampDescending',
    }),
  );
  const newest = new Map(MetricDataResults.map(({ Id = '', Values = [] }: MetricDataResult) => [Id, Values[0]]));
  return (id) => newest.get(id);
}

/** A queue that nobody used for six hours has no values: it is empty. */
function countQueries(
  cluster: string,
  { name, url }: ClusterParts['queues'][number],
  index: number,
): MetricDataQuery[] {
  const jobs = lastPart(url);
  return [
    queueQuery(`waiting${index}`, jobs, 'ApproximateNumberOfMessagesVisible'),
    queueQuery(`delayed${index}`, jobs, 'ApproximateNumberOfMessagesDelayed'),
    queueQuery(`running${index}`, jobs, 'ApproximateNumberOfMessagesNotVisible'),
    queueQuery(`dead${index}`, queueNames(cluster, name).deadLetters, 'ApproximateNumberOfMessagesVisible'),
  ];
}

function queueQuery(Id: string, QueueName: string, MetricName: string): MetricDataQuery {
  const Metric = {
    ...{ Namespace: 'AWS/SQS', MetricName },
    Dimensions: [{ Name: 'QueueName', Value: QueueName }],
  };
  return { Id, MetricStat: { Metric, Period: 60, Stat: 'Maximum' } };
}

/** What is used, and the quota of it. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html */
function usageQueries(kind: string, Class: string): MetricDataQuery[] {
  const Metric = {
    ...{ Namespace: 'AWS/Usage', MetricName: 'ResourceCount' },
    Dimensions: Object.entries({ Service: 'EC2', Type: 'Resource', Resource: 'vCPU', Class }).map(([Name, Value]) => ({
      Name,
      Value,
    })),
  };
  return [
    { Id: `${kind}Used`, MetricStat: { Metric, Period: 300, Stat: 'Maximum' } },
    { Id: `${kind}Quota`, Expression: `SERVICE_QUOTA(${kind}Used)`, Period: 300 },
  ];
}

const COUNTS: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

async function countsOf({ clients }: Place, QueueUrl: string) {
  const ask = async (url: string, names: QueueAttributeName[]) => {
    const answer = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }));
    const { Attributes = {} } = answer;
    const number = (name: QueueAttributeName): number => Number(Attributes[name] ?? 0);
    return {
      waiting: number('ApproximateNumberOfMessages') + number('ApproximateNumberOfMessagesDelayed'),
      running: number('ApproximateNumberOfMessagesNotVisible'),
      redrive: Attributes.RedrivePolicy,
    };
  };
  const { waiting, running, redrive } = await ask(QueueUrl, [...COUNTS, 'RedrivePolicy']);
  const target = deadLettersOf(QueueUrl, redrive);
  return { waiting, running, deadLetters: target === undefined ? 0 : (await ask(target, COUNTS)).waiting };
}

/** In the same account and Region, so that the two differ in the name alone. */
export function deadLettersOf(url: string, redrivePolicy: string | undefined): string | undefined {
  if (redrivePolicy === undefined) return undefined;
  const { deadLetterTargetArn = '' } = JSON.parse(redrivePolicy) as { deadLetterTargetArn?: string };
  const name = deadLetterTargetArn.split(':').at(-1) ?? '';
  return name === '' ? undefined : url.slice(0, url.lastIndexOf('/') + 1) + name;
}

function lastPart(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
