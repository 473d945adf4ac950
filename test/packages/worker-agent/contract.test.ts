import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AutoScalingGroup } from '../../../packages/worker-agent/src/adapters/auto-scaling-group.ts';
import { ChildProcesses } from '../../../packages/worker-agent/src/adapters/child-process.ts';
import { DynamoTable } from '../../../packages/worker-agent/src/adapters/dynamodb-table.ts';
import { InstanceMetadata } from '../../../packages/worker-agent/src/adapters/imds.ts';
import { S3Results } from '../../../packages/worker-agent/src/adapters/s3-results.ts';
import { SqsQueue } from '../../../packages/worker-agent/src/adapters/sqs-queue.ts';
import { systemClock } from '../../../packages/worker-agent/src/adapters/system-clock.ts';
import type {
  Clock,
  FleetGroup,
  HeartbeatTable,
  JobQueue,
  Metadata,
  ProcessSpec,
  ResultStore,
} from '../../../packages/worker-agent/src/ports.ts';
import { until } from './agent-process.ts';
import { GROUP, LabCluster } from './cluster.ts';
import { FakeClock, FakeGroup, FakeMetadata, FakeProcesses, FakeQueue, FakeResults, FakeTable } from './fakes.ts';

/** What is tested, and how a test brings about what only the outside can. */
interface Side {
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly metadata: Metadata;
  readonly instanceId: string;
  readonly queue: JobQueue;
  readonly send: (body: string) => void;
  readonly left: () => number;
  readonly results: ResultStore;
  readonly table: HeartbeatTable;
  readonly group: FleetGroup;
  readonly isProtected: () => boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'tandem-contract-'));
let cluster: LabCluster;
const sides: Record<string, () => Side> = {};
let real: Side;
const fake = fakeSide();
sides['fake'] = () => fake;
sides['real'] = () => real;

beforeAll(async () => {
  cluster = await LabCluster.start({ visibilitySeconds: 3 });
  const { instance, metadataUrl } = await cluster.launch();
  const options = cluster.clientOptions;
  const clock = systemClock;
  real = {
    clock,
    sleep: (milliseconds) => clock.sleep(milliseconds),
    metadata: new InstanceMetadata(clock, metadataUrl),
    instanceId: instance.id,
    queue: new SqsQueue({
      ...{ clock, random: Math.random, log: () => undefined, client: new SQSClient(options) },
      ...{ queueUrl: cluster.jobs.url, visibilityTimeoutSeconds: 3, waitSeconds: 1 },
    }),
    send: (body) => cluster.send(body),
    left: () => cluster.jobs.counts().ready + cluster.jobs.counts().inFlight,
    results: new S3Results(new S3Client({ ...options, forcePathStyle: true }), cluster.bucket.name),
    table: new DynamoTable(new DynamoDBClient(options), 'lab-heartbeats', clock),
    group: new AutoScalingGroup(new AutoScalingClient(options), GROUP),
    isProtected: () => instance.protectedFromScaleIn,
  };
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

function fakeSide(): Side {
  const [clock, metadata, queue, group] = [new FakeClock(), new FakeMetadata(), new FakeQueue(), new FakeGroup()];
  metadata.values.set('meta-data/instance-id', 'i-fake');
  group.actions.add('first-heartbeat i-fake');
  return {
    ...{ clock, metadata, queue, group, results: new FakeResults(), table: new FakeTable(clock), instanceId: 'i-fake' },
    sleep: (milliseconds) => clock.advance(milliseconds),
    send: (body) => queue.send('message', body),
    left: () => queue.waiting.length,
    isProtected: () => group.protectedOnes.has('i-fake'),
  };
}

describe.each(['fake', 'real'])('the %s', (name) => {
  const side = (): Side => sides[name]!();
  // A poll that is hung up must be so at the endpoint too: it would take the next test's job.
  afterEach(() => new Promise((resolve) => setTimeout(resolve, 100)));

  test('metadata service knows the instance, and says undefined for what is not there', async () => {
    expect(await side().metadata.get('meta-data/instance-id')).toBe(side().instanceId);
    expect(await side().metadata.get('meta-data/spot/instance-action')).toBeUndefined();
  });

  test('clock ends a sleep early without an error', async () => {
    const stop = new AbortController();
    const slept = side().clock.sleep(60_000, stop.signal);
    stop.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  test('queue gives a job again until it is done, and counts', async () => {
    const receives: number[] = [];
    side().send('body');
    const consumption = side().queue.consume(async (delivery) => {
      expect(delivery.body).toBe('body');
      receives.push(delivery.receives);
      return delivery.receives === 3 ? { done: true } : { done: false, retrySeconds: 0 };
    });
    await until('three deliveries', () => receives.length === 3);
    await consumption.stop();
    expect(receives).toEqual([1, 2, 3]);
    expect(side().left()).toBe(0);
  });

  test('queue gives one job beside the first where that says so, and no third', async () => {
    const settle = Promise.withResolvers<undefined>();
    const bodies: string[] = [];
    for (const body of ['first', 'second', 'third']) side().send(body);
    const consumption = side().queue.consume(async ({ body }, next) => {
      bodies.push(body);
      next();
      await settle.promise;
      return { done: true };
    });
    await until('two deliveries', () => bodies.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bodies).toHaveLength(2);
    settle.resolve(undefined);
    await until('all are settled', () => side().left() === 0 && bodies.length === 3);
    await consumption.stop();
    expect(bodies).toEqual(['first', 'second', 'third']);
  });

  test('queue fetches none in the place of one that came back too early', async () => {
    const [free, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const begun: string[] = [];
    side().send('first');
    side().send('second');
    const consumption = side().queue.consume(async ({ body, receives }, next) => {
      begun.push(`${body} ${receives}`);
      if (body === 'second' && receives === 1) return { done: false, retrySeconds: 0, notBefore: free.promise };
      next();
      if (body === 'first') await end.promise;
      return { done: true };
    });
    await until('two deliveries', () => begun.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(begun).toEqual(['first 1', 'second 1']);
    free.resolve(undefined);
    await until('another delivery', () => begun.length === 3);
    end.resolve(undefined);
    await consumption.stop();
    expect({ last: begun[2], left: side().left() }).toEqual({ last: 'second 2', left: 0 });
  });

  test('queue is stopped when what was taken is settled, and takes no more', async () => {
    const begun = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    side().send('first');
    side().send('second');
    let count = 0;
    const consumption = side().queue.consume(async () => {
      count += 1;
      begun.resolve(undefined);
      await goOn.promise;
      return { done: true };
    });
    await begun.promise;
    let stopped = false;
    const stopping = consumption.stop().then(() => (stopped = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stopped).toBe(false);
    goOn.resolve(undefined);
    await stopping;
    expect({ count, left: side().left() }).toEqual({ count: 1, left: 1 });
  });

  test('store writes a key once', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    writeFileSync(first, 'first');
    writeFileSync(second, 'second');
    // A longer key must not count as this one.
    await side().results.putOnce('results/ab', second);
    expect(await side().results.has('results/a')).toBe(false);
    expect(await side().results.putOnce('results/a', first)).toBe('written');
    expect(await side().results.putOnce('results/a', second)).toBe('exists');
    expect(await side().results.has('results/a')).toBe(true);
  });

  test('table takes a heartbeat, with a job or without', async () => {
    const beat = {
      instanceId: side().instanceId,
      at: '2026-11-21T00:00:00.000Z',
      version: '0.1.0',
      state: 'idle',
    } as const;
    await expect(side().table.put({ ...beat, job: undefined })).resolves.toBeUndefined();
    await expect(side().table.put({ ...beat, job: 'a' })).resolves.toBeUndefined();
  });

  test('board names one to carry out the wishes of all; the last wish counts', async () => {
    const { table } = side();
    expect(await table.wish('i-a', 'protect', 60_000)).toBe(true);
    expect(await table.wish('i-b', 'protect', 60_000)).toBe(false);
    expect(await table.wish('i-c', 'release', 60_000)).toBe(false);
    expect(await table.wish('i-a', 'release', 60_000)).toBe(false);
    expect(await table.takeWishes()).toEqual({ protect: ['i-b'], release: ['i-a', 'i-c'] });
    expect(await table.takeWishes()).toEqual({ protect: [], release: [] });
  });

  test('board names another where the first has not come back in time', async () => {
    const { table, sleep } = side();
    expect(await table.wish('i-a', 'protect', 200)).toBe(true);
    await sleep(300);
    expect(await table.wish('i-b', 'protect', 60_000)).toBe(true);
    expect(await table.takeWishes()).toEqual({ protect: ['i-a', 'i-b'], release: [] });
  });

  test('group completes a hook once, and knows none that is not there', async () => {
    const { group, instanceId } = side();
    expect(await group.prolong('first-heartbeat', instanceId)).toBe('done');
    expect(await group.complete('first-heartbeat', instanceId)).toBe('done');
    expect(await group.complete('first-heartbeat', instanceId)).toBe('no-such-action');
    expect(await group.prolong('drain', instanceId)).toBe('no-such-action');
  });

  test('group protects what is in service, and changes nothing where one is not', async () => {
    const { group, instanceId, isProtected } = side();
    expect(await group.setProtection([instanceId, 'i-0000'], 'protect')).toBe('refused');
    expect(isProtected()).toBe(false);
    expect(await group.setProtection([instanceId], 'protect')).toBe('done');
    expect(isProtected()).toBe(true);
    expect(await group.setProtection([instanceId], 'release')).toBe('done');
    expect(isProtected()).toBe(false);
  });
});

describe('the real process runner, whose every end the fake can tell', () => {
  const spec = (command: string[], more: Partial<ProcessSpec> = {}): ProcessSpec => {
    const stdinFile = join(folder, 'input');
    writeFileSync(stdinFile, 'from the file');
    return {
      ...{ command, env: { NAME: 'value' }, cwd: folder, stdinFile, timeoutMs: 10_000 },
      ...{ stdoutFile: join(folder, 'out'), stderrFile: join(folder, 'err'), stop: new AbortController().signal },
      ...more,
    };
  };
  const processes = new ChildProcesses({ PATH: process.env['PATH'] });

  test.each([
    ['exit', ['/bin/sh', '-c', 'test "$(cat)$NAME" = "from the filevalue"'], { kind: 'exit', code: 0 }],
    ['failure', ['/bin/sh', '-c', 'exit 7'], { kind: 'exit', code: 7 }],
    ['kill', ['/bin/sh', '-c', 'kill -9 $$'], { kind: 'killed', signal: 'SIGKILL' }],
  ])('tells a process that ends by %s', async (_, command, end) => {
    expect(await processes.run(spec(command))).toEqual(end);
    const fakes = new FakeProcesses();
    fakes.end = () => end as never;
    expect(await fakes.run(spec(command))).toEqual(end);
  });

  test('tells one that is not there', async () => {
    expect(await processes.run(spec(['/opt/none']))).toMatchObject({ kind: 'not-started' });
  });

  test('ends one that takes too long', async () => {
    expect(await processes.run(spec(['/bin/sleep', '60'], { timeoutMs: 50 }))).toEqual({ kind: 'timeout' });
  });

  test('ends one that is to stop, with what it started', async () => {
    const stop = new AbortController();
    const run = processes.run(spec(['/bin/sh', '-c', 'sleep 60 & wait'], { stop: stop.signal }));
    setTimeout(() => stop.abort(), 100);
    expect(await run).toEqual({ kind: 'stopped' });
  });
});
