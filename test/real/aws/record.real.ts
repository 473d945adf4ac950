import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { ACCOUNT, REGION, testCluster } from '../../lib/fleet/look/cluster.ts';
import { openOperator } from './operator.ts';

/** `tandem simulate --record` from a checkout: what was sent is written, added to, and simulated. */
it('the workload of a cluster is recorded twice and simulated, and another file is left alone', async () => {
  const { lab, clock, parts } = await testCluster(1, {}, { behindMs: 45 * 60_000 });
  const operator = openOperator(lab.endpoint.url, ACCOUNT, REGION);
  onTestFinished(async () => {
    operator.remove();
    await lab.endpoint.close();
  });
  const sqs = new SQSClient(lab.config);
  const cloudWatch = new CloudWatchClient(lab.config);
  const send = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'secret: hunter2' }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: parts.queues[0]?.url ?? '', Entries }));
      const MetricData = [{ MetricName: 'JobDuration', Values: [20_000, 40_000], Timestamp: new Date(clock.now()) }];
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: parts.metrics ?? '', MetricData }));
      await clock.advance(60_000);
    }
    await clock.advance(240_000);
  };
  const file = join(operator.root, 'config/workloads/prod.csv');
  const nothing = await operator.tandem('simulate', 'prod', '--record');
  expect([nothing.code, nothing.log]).toEqual([1, expect.stringContaining('error nothing-sent')]);
  await send(10);
  expect(await operator.ok('simulate', 'prod', '--record', '--days', '1')).toContain('100 jobs of prod from');
  const first = readFileSync(file, 'utf8');
  expect(first).toContain(',10,30,40\n');
  expect(first).not.toMatch(new RegExp(`hunter2|${ACCOUNT}`));
  await send(5);
  const second = JSON.parse(await operator.ok('simulate', 'prod', '--record', '--days', '1', '--json')) as object;
  expect(second).toMatchObject({ format: 'tandem.simulate/1', kind: 'record', jobs: 150, isJoined: true });
  expect((await operator.tandem('validate')).code).toBe(0);
  expect(await operator.ok('simulate', 'prod', '--policies', 'configured')).toContain('prod on prod.csv: 150 jobs');
  writeFileSync(file, 'time,duration\n0,10\n');
  const refused = await operator.tandem('simulate', 'prod', '--record');
  expect([refused.code, refused.log]).toEqual([1, expect.stringContaining('error workload-not-recorded')]);
  expect(readFileSync(file, 'utf8')).toBe('time,duration\n0,10\n');
});
