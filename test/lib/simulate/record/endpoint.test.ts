import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { bareFleet } from '../../../../lib/simulate/baselines/bare-fleet.ts';
import { quantile, waitsOf } from '../../../../lib/simulate/measure/waits.ts';
import { readRecording } from '../../../../lib/simulate/record/read-metrics.ts';
import { formatRecording } from '../../../../lib/simulate/record/recording.ts';
import { simulate } from '../../../../lib/simulate/run/simulation.ts';
import { readCsv } from '../../../../lib/simulate/workload/csv.ts';
import { Random } from '../../../../lib/simulate/workload/random.ts';
import { testCluster } from '../../fleet/look/cluster.ts';

const MINUTES = 60;
const WORKERS = 4;

interface Job {
  readonly at: number;
  readonly seconds: number;
  readonly start: number;
}

/** An hour with a wave in its middle, on workers that take jobs in the order in which they came. */
function hour(): Job[] {
  const random = new Random(5);
  const free = Array.from({ length: WORKERS }, () => 0);
  const times: number[] = [];
  for (let minute = 0; minute < MINUTES; minute += 1)
    for (let left = random.poisson(minute >= 20 && minute < 30 ? 12 : 3); left > 0; left -= 1)
      times.push(60 * (minute + random.next()));
  return times
    .sort((one, other) => one - other)
    .map((at) => {
      const seconds = random.exponential(30);
      const worker = free.indexOf(Math.min(...free));
      const start = Math.max(at, free[worker] ?? 0);
      free[worker] = start + seconds;
      return { at, seconds, start };
    });
}

test('what CloudWatch tells of an hour is recorded, and jobs wait in its simulation about as long as they really did', {
  timeout: 600_000,
}, async () => {
  const jobs = hour();
  const { lab, clock, parts } = await testCluster(1, {}, { behindMs: (MINUTES + 20) * 60_000 });
  const sqs = new SQSClient(lab.config);
  const cloudWatch = new CloudWatchClient(lab.config);
  const QueueUrl = parts.queues[0]?.url ?? '';
  await clock.advance(60_000 - (clock.now() % 60_000));
  const begin = clock.now() / 1000;
  for (let minute = 0; minute < MINUTES + 10; minute += 1) {
    const within = (second: number): boolean => Math.floor(second / 60) === minute;
    const sent = jobs.filter(({ at }) => within(at));
    for (let first = 0; first < sent.length; first += 10)
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: sent.slice(first, first + 10).map((_, index) => ({ Id: `m${index}`, MessageBody: '{}' })),
        }),
      );
    await clock.advance(59_000);
    const milliseconds = (MetricName: string, Values: number[]) =>
      Values.length === 0 ? [] : [{ MetricName, Values, Timestamp: new Date(clock.now()) }];
    const MetricData = [
      ...milliseconds(
        'JobDuration',
        jobs.filter((job) => within(job.start + job.seconds)).map(({ seconds }) => 1000 * seconds),
      ),
      ...milliseconds(
        'QueueWait',
        jobs.filter(({ start }) => within(start)).map(({ at, start }) => 1000 * (start - at)),
      ),
    ];
    if (MetricData.length > 0)
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: parts.metrics ?? '', MetricData }));
    await clock.advance(1000);
  }
  await clock.advance(180_000);
  const { recording, waits } = await readRecording({
    ...{ cloudWatch, parts, environment: 'prod', now: clock.now(), days: 1 },
  });
  await lab.endpoint.close();
  expect(recording.rows.reduce((sum, row) => sum + row.jobs, 0)).toBe(jobs.length);
  // Each minute's jobs are in that minute, give or take the moment at which the queue is counted.
  const wave = recording.rows.filter(({ at }) => at >= begin + 1140 && at < begin + 1860);
  expect(wave.reduce((sum, row) => sum + row.jobs, 0)).toBeGreaterThan(100);
  const really = Float64Array.from(jobs, ({ at, start }) => start - at).sort();
  expect(waits.reduce((sum, each) => sum + each.jobs, 0)).toBe(jobs.length);
  const [measured] = waits;
  if (waits.length === 1) expect(measured?.p95Seconds).toBeCloseTo(quantile(really, 0.95), 0);

  const workload = readCsv('prod.csv', formatRecording(recording), { seed: 1 });
  const fleet = bareFleet({ minimum: WORKERS, maximum: WORKERS });
  const p95s = [1, 2, 3, 4, 5].map((seed) => {
    const drawn = readCsv('prod.csv', formatRecording(recording), { seed });
    return waitsOf(simulate({ workload: drawn, fleet, seed })).p95;
  });
  const simulated = p95s.sort((one, other) => one - other)[2] ?? 0;
  process.stdout.write(
    `wait p95: really ${quantile(really, 0.95)} s, simulated ${p95s.map(Math.round).join(', ')} s\n`,
  );
  expect(workload.at.length).toBe(jobs.length);
  expect(simulated / quantile(really, 0.95)).toBeGreaterThan(0.6);
  expect(simulated / quantile(really, 0.95)).toBeLessThan(1.6);
});
