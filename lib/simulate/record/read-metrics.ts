import { type CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { queueNames } from '../../aws/queue-names.ts';
import type { ClusterParts } from '../../aws-api/worker-parameter.ts';
import type { Gap, RecordedRow, Recording } from './recording.ts';

export interface ReadRecording {
  readonly cloudWatch: CloudWatchClient;
  readonly parts: Pick<ClusterParts, 'name' | 'queues' | 'metrics'>;
  readonly environment: string;
  /** By AWS's clock, in milliseconds since 1970. */
  readonly now: number;
  readonly days: number;
}

/** What jobs really waited on a day, as their workers measured it; in seconds. */
export interface MeasuredWait {
  /** Beginning of the 24 hours, in seconds since 1970. */
  readonly from: number;
  readonly jobs: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
}

/** Days for which CloudWatch keeps points of a minute; those of five it keeps 63 (CloudWatch user guide, "Metrics retention"). */
const MINUTE_DAYS = 15;

/** A minute's points are there two minutes later, in milliseconds; a queue's that was idle, up to 15 (SQS developer guide, "Available CloudWatch metrics"). */
const LATE_MS = 120_000;
const DAY = 86_400;

/** Length of a period, in seconds, of a look back over so many days. */
function periodSeconds(days: number): number {
  return days <= MINUTE_DAYS ? 60 : 300;
}

/** Reads what was sent to all queues of a cluster, and how long jobs ran and waited. @throws what the SDK throws */
export async function readRecording({
  cloudWatch,
  parts,
  environment,
  now,
  days,
}: ReadRecording): Promise<{ readonly recording: Recording; readonly waits: readonly MeasuredWait[] }> {
  const period = periodSeconds(days);
  const end = Math.floor((now - LATE_MS) / 1000 / period) * period;
  const begin = end - days * DAY;
  const sent = parts.queues.map((_, index) => `sent${index}`);
  const queries = [
    ...parts.queues.map(({ name }, index) =>
      query(`sent${index}`, 'AWS/SQS', 'NumberOfMessagesSent', 'Sum', period, queueNames(parts.name, name).jobs),
    ),
    ...(parts.metrics === undefined
      ? []
      : [
          query('mean', parts.metrics, 'JobDuration', 'Average', period),
          query('p95', parts.metrics, 'JobDuration', 'p95', period),
          query('waited', parts.metrics, 'QueueWait', 'SampleCount', DAY),
          query('wait50', parts.metrics, 'QueueWait', 'p50', DAY),
          query('wait95', parts.metrics, 'QueueWait', 'p95', DAY),
        ]),
  ];
  const series = new Map<string, Map<number, number>>();
  const input = { MetricDataQueries: queries, StartTime: new Date(begin * 1000), EndTime: new Date(end * 1000) };
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client: cloudWatch }, input))
    for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
      const points = series.get(Id) ?? new Map<number, number>();
      series.set(Id, points);
      for (const [index, at] of Timestamps.entries()) points.set(at.getTime() / 1000, Values[index] ?? 0);
    }
  const of = (id: string, at: number): number | undefined => series.get(id)?.get(at);
  const seconds = (id: string, at: number): number | undefined => {
    const milliseconds = of(id, at);
    return milliseconds === undefined ? undefined : milliseconds / 1000;
  };
  const rows: RecordedRow[] = [];
  for (let at = begin; at < end; at += period) {
    const counts = sent.flatMap((id) => of(id, at) ?? []);
    // Nobody told: before the first figure, or long idle.
    if (counts.length === 0 && of('mean', at) === undefined) continue;
    const jobs = counts.reduce((sum, each) => sum + each, 0);
    rows.push({ at, jobs, meanSeconds: seconds('mean', at), p95Seconds: seconds('p95', at) });
  }
  const waits = [...(series.get('waited') ?? [])].flatMap(([from, jobs]): MeasuredWait[] =>
    jobs === 0
      ? []
      : [{ from, jobs, p50Seconds: seconds('wait50', from) ?? 0, p95Seconds: seconds('wait95', from) ?? 0 }],
  );
  return {
    recording: { environment, ...compact(rows, period) },
    waits: waits.toSorted((one, other) => one.from - other.from),
  };
}

function query(
  Id: string,
  Namespace: string,
  MetricName: string,
  Stat: string,
  Period: number,
  queue?: string,
): MetricDataQuery {
  const Dimensions = queue === undefined ? [] : [{ Name: 'QueueName', Value: queue }];
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
}

/** Of quiet periods in a row the first alone, and the end; a time without figures as a gap, with no job in it. */
export function compact(told: readonly RecordedRow[], period: number): Pick<Recording, 'rows' | 'gaps'> {
  const rows: RecordedRow[] = [];
  const gaps: Gap[] = [];
  const quiet = (at: number): RecordedRow => ({ at, jobs: 0, meanSeconds: undefined, p95Seconds: undefined });
  const isQuiet = (row: RecordedRow | undefined): boolean => row?.jobs === 0 && row.meanSeconds === undefined;
  let until: number | undefined;
  for (const row of told) {
    if (until !== undefined && row.at > until) {
      gaps.push({ from: until, to: row.at });
      if (!isQuiet(rows.at(-1))) rows.push(quiet(until));
    }
    if (!isQuiet(row) || !isQuiet(rows.at(-1))) rows.push(row);
    until = row.at + period;
  }
  if (until !== undefined) rows.push(quiet(until));
  return { rows, gaps };
}
