import { GetMetricDataCommand, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
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
 * Queues and quotas: one call of CloudWatch, and two of SQS for each queue, whose own counts are seconds old. What only CloudWatch
 * knows (the age of the oldest job, vCPUs) is a minute old or five.
 */
export async function measure(place: Place): Promise<Measured> {
  const [metrics, counts] = await Promise.all([
    readMetrics(place),
    Promise.all(place.parts.queues.map(({ url }) => countsOf(place, url))),
  ]);
  const queues = place.parts.queues.map(({ name }, index): QueueView => {
    const { waiting = 0, running = 0, deadLetters = 0 } = counts[index] ?? {};
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

async function readMetrics({ clients, parts, now }: Place): Promise<(id: string) => number | undefined> {
  const queries = [
    ...parts.queues.map(({ url }, index) => ageQuery(`age${index}`, lastPart(url))),
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

function ageQuery(Id: string, QueueName: string): MetricDataQuery {
  const Metric = {
    ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage' },
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
