import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AutoScalingGroup } from '../../../packages/worker-agent/src/adapters/auto-scaling-group.ts';
import { ChildProcesses } from '../../../packages/worker-agent/src/adapters/child-process.ts';
import { CloudWatchMetrics } from '../../../packages/worker-agent/src/adapters/cloudwatch-metrics.ts';
import { DynamoJobs } from '../../../packages/worker-agent/src/adapters/dynamodb-jobs.ts';
import { DynamoTable } from '../../../packages/worker-agent/src/adapters/dynamodb-table.ts';
import { InstanceMetadata } from '../../../packages/worker-agent/src/adapters/imds.ts';
import { MarkedCells } from '../../../packages/worker-agent/src/adapters/marked-cells.ts';
import { S3Downloads } from '../../../packages/worker-agent/src/adapters/s3-downloads.ts';
import { S3Results } from '../../../packages/worker-agent/src/adapters/s3-results.ts';
import { SqsQueue } from '../../../packages/worker-agent/src/adapters/sqs-queue.ts';
import { systemClock } from '../../../packages/worker-agent/src/adapters/system-clock.ts';
import type { Settlement } from '../../../packages/worker-agent/src/delivery.ts';
import { Lane } from '../../../packages/worker-agent/src/lane.ts';
import {
  type Clock,
  type Downloads,
  type FleetGroup,
  type HeartbeatTable,
  type JobQueue,
  type JobStates,
  type Metadata,
  type MetricSink,
  MissingObject,
  type ProcessSpec,
  type QueueMessage,
  type ResultStore,
} from '../../../packages/worker-agent/src/ports.ts';
import { JobSource } from '../../../packages/worker-agent/src/source.ts';
import { parseWorkerConfig } from '../../../packages/worker-agent/src/worker-config.ts';
import { until } from './agent-process.ts';
import { GROUP, LabCluster } from './cluster.ts';
import { workerConfigText } from './config.ts';
import {
  FakeClock,
  FakeDownloads,
  FakeGroup,
  FakeMetadata,
  FakeMetrics,
  FakeProcesses,
  FakeQueue,
  FakeResults,
  FakeStates,
  FakeTable,
} from './fakes.ts';

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
  readonly downloads: Downloads;
  readonly putObject: (key: string, content: string) => unknown;
  readonly states: JobStates;
  readonly cancel: (id: string) => Promise<void>;
  readonly metrics: MetricSink;
  readonly table: HeartbeatTable;
  readonly group: FleetGroup;
  readonly isProtected: () => boolean;
}

/** Seconds: more than a busy machine holds up a test. */
const VISIBILITY = 20;
const folder = mkdtempSync(join(tmpdir(), 'tandem-contract-'));
let cluster: LabCluster;
const sides: Record<string, () => Side> = {};
let real: Side;
const fake = fakeSide();
sides['fake'] = () => fake;
sides['real'] = () => real;

beforeAll(async () => {
  cluster = await LabCluster.start({ visibilitySeconds: VISIBILITY });
  const { instance, metadataUrl } = await cluster.launch();
  const options = cluster.clientOptions;
  const clock = systemClock;
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  real = {
    clock,
    sleep: (milliseconds) => clock.sleep(milliseconds),
    metadata: new InstanceMetadata(clock, metadataUrl),
    instanceId: instance.id,
    queue: new SqsQueue({
      ...{ client: new SQSClient(options), queueUrl: cluster.jobs.url, visibilityTimeoutSeconds: VISIBILITY },
    }),
    send: (body) => cluster.send(body),
    left: () => cluster.jobs.counts().ready + cluster.jobs.counts().inFlight,
    results: new S3Results({
      ...{ client: s3, bucket: cluster.bucket.name, clock, random: Math.random, onePutBytes: 10_000_000 },
      partBytes: 6_000_000,
    }),
    downloads: new S3Downloads(s3),
    putObject: (key, content) => cluster.putDocument(key.replace('documents/', ''), content),
    states: new DynamoJobs(new DynamoDBClient(options), 'lab-jobs', clock),
    cancel: (id) => cluster.cancel(id),
    metrics: new CloudWatchMetrics(new CloudWatchClient(options), 'Tandem/lab'),
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
  const clock = new FakeClock();
  const [metadata, queue, group, states] = [
    new FakeMetadata(),
    new FakeQueue(clock, VISIBILITY),
    new FakeGroup(),
    new FakeStates(),
  ];
  const downloads = new FakeDownloads();
  metadata.values.set('meta-data/instance-id', 'i-fake');
  group.actions.add('first-heartbeat i-fake');
  return {
    ...{ clock, metadata, queue, group, results: new FakeResults(), table: new FakeTable(clock), instanceId: 'i-fake' },
    sleep: (milliseconds) => clock.advance(milliseconds),
    ...{ states, downloads, metrics: new FakeMetrics() },
    cancel: async (id) => {
      states.items.set(id, {
        id,
        state: 'cancelled',
        failedOn: [],
        queue: 'jobs',
        instanceId: '',
        receives: 0,
        sentAt: 0,
      });
    },
    putObject: (key, content) => downloads.objects.set(`lab-results/${key}`, Buffer.from(content)),
    send: (body) => queue.send(`message ${body}`, body),
    left: () => queue.messages.length,
    isProtected: () => group.protectedOnes.has('i-fake'),
  };
}

describe.each(['fake', 'real'])('the %s', (name) => {
  const side = (): Side => sides[name]!();
  const queueConfig = parseWorkerConfig(workerConfigText()).queues[0]!;
  /** As a slot takes jobs from the queue. */
  const consume = (handle: (delivery: QueueMessage, next: () => void) => Promise<Settlement>): Lane => {
    const { clock, queue } = side();
    const shared = { clock, random: () => 0, log: () => undefined };
    const source = new JobSource({ ...shared, sources: [{ config: queueConfig, queue }], waitSeconds: 1 });
    return new Lane({
      ...shared,
      handle: ({ message }, next) => handle(message, next),
      take: (stopped) => source.take(stopped),
      mayTake: () => Promise.resolve(),
      queueOf: () => queue,
    });
  };
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
    const consumption = consume(async (delivery) => {
      expect(delivery.body).toBe('body');
      receives.push(delivery.receives);
      return delivery.receives === 3 ? { done: true } : { done: false, retrySeconds: 0 };
    });
    await until('three deliveries', () => receives.length === 3);
    await consumption.stop();
    expect(receives).toEqual([1, 2, 3]);
    expect(side().left()).toBe(0);
  });

  test('queue sends a job anew, with deliveries that count from one', async () => {
    const seen: string[] = [];
    side().send('anew');
    const consumption = consume(async ({ receives, anew, body }) => {
      seen.push(`${body} ${receives} ${anew}`);
      return anew === 1 ? { done: true } : { done: false, retrySeconds: 0, uncounted: receives === 2 };
    });
    await until('three deliveries', () => seen.length === 3);
    await consumption.stop();
    expect({ seen, left: side().left() }).toEqual({ seen: ['anew 1 0', 'anew 2 0', 'anew 1 1'], left: 0 });
  });

  test('queue gives one job beside the first where that says so, and no third', async () => {
    const settle = Promise.withResolvers<undefined>();
    const bodies: string[] = [];
    for (const body of ['first', 'second', 'third']) side().send(body);
    const consumption = consume(async ({ body }, next) => {
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
    const consumption = consume(async ({ body, receives }, next) => {
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
    const consumption = consume(async () => {
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

  test('store writes a result in parts, once', async () => {
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(13_000_000, 'x'));
    expect(await side().results.putOnce('results/large', file)).toBe('written');
    expect(await side().results.putOnce('results/large', file)).toBe('exists');
    expect(await side().results.has('results/large')).toBe(true);
  });

  test('downloads fetch an object into a file, and say that there is none', async () => {
    side().putObject('documents/program', 'content');
    const file = join(folder, 'fetched');
    await side().downloads.fetch('lab-results', 'documents/program', file);
    expect(readFileSync(file, 'utf8')).toBe('content');
    await expect(side().downloads.fetch('lab-results', 'documents/none', file)).rejects.toThrow(MissingObject);
  });

  test('states know on which machines a job failed, until it is done', async () => {
    const { states } = side();
    const job = { id: 'a', queue: 'jobs', receives: 1, sentAt: 0 };
    expect(await states.begin({ ...job, instanceId: 'i-a' })).toEqual({ cancelled: false, failedOn: [] });
    await states.end({ ...job, instanceId: 'i-a', state: 'queued', reason: 'ended with 1', failedHere: true });
    expect(await states.begin({ ...job, instanceId: 'i-b' })).toEqual({ cancelled: false, failedOn: ['i-a'] });
    await states.end({ ...job, instanceId: 'i-b', state: 'queued' });
    expect(await states.begin({ ...job, instanceId: 'i-a' })).toEqual({ cancelled: false, failedOn: ['i-a'] });
    await states.end({ ...job, instanceId: 'i-a', state: 'done' });
    expect(await states.begin({ ...job, instanceId: 'i-a' })).toEqual({ cancelled: false, failedOn: [] });
  });

  test('states keep a job cancelled, unless it was done meanwhile', async () => {
    const { states, cancel } = side();
    const job = { id: 'c', queue: 'jobs', instanceId: 'i-a', receives: 1, sentAt: 0 };
    await states.begin(job);
    expect(await states.isCancelled('c')).toBe(false);
    await cancel('c');
    expect(await states.isCancelled('c')).toBe(true);
    await states.end({ ...job, state: 'queued' });
    await states.end({ ...job, state: 'cancelled', reason: 'cancelled after it had run for 1 s' });
    expect(await states.begin(job)).toMatchObject({ cancelled: true });
    await states.end({ ...job, state: 'done' });
    expect(await states.begin(job)).toMatchObject({ cancelled: false });
  });

  test('table gives the heartbeats of all machines', async () => {
    const { table } = side();
    const beat = { at: '2026-11-21T00:00:00.000Z', version: '1', program: '1', reason: undefined, jobs: [] } as const;
    await table.put({ ...beat, instanceId: 'i-a', state: 'idle', failures: 0, finished: 3, failed: 1 });
    await table.put({
      ...{ ...beat, instanceId: 'i-b', state: 'drained', failures: 5, finished: 9, failed: 9, reason: 'disk full' },
      jobs: [{ id: 'a', queue: 'jobs', since: '2026-11-21T00:00:00.000Z' }],
    });
    // What agents of an older version wrote is read too; the board is no machine.
    await table.wish('i-a', 'protect', 1);
    await table.takeWishes();
    const peers = [...(await table.peers())].sort((a, b) => a.instanceId.localeCompare(b.instanceId));
    expect(peers).toMatchObject([
      { instanceId: 'i-a', at: beat.at, state: 'idle', failures: 0, finished: 3, failed: 1 },
      { instanceId: 'i-b', at: beat.at, state: 'broken', failures: 5, finished: 9, failed: 9 },
    ]);
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
    expect(await group.complete('first-heartbeat', instanceId, 'CONTINUE')).toBe('done');
    expect(await group.complete('first-heartbeat', instanceId, 'CONTINUE')).toBe('no-such-action');
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
  const processes = new ChildProcesses({ PATH: process.env['PATH'] }, new MarkedCells());

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
