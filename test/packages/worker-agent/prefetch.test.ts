import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ProcessEnd } from '../../../packages/worker-agent/src/ports.ts';
import { PrefetchTimer } from '../../../packages/worker-agent/src/prefetch-timer.ts';
import { Worker } from '../../../packages/worker-agent/src/worker.ts';
import { parseWorkerConfig } from '../../../packages/worker-agent/src/worker-config.ts';
import { until } from './agent-process.ts';
import { workerConfigText } from './config.ts';
import { FakeClock, FakeProcesses, FakeQueue, FakeResults } from './fakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-ahead-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = parseWorkerConfig(workerConfigText());

/** A worker whose commands end when the test says so. */
function setUp() {
  const [clock, queue, results, processes] = [new FakeClock(), new FakeQueue(), new FakeResults(), new FakeProcesses()];
  const [giveUp, draining] = [new AbortController(), new AbortController()];
  const ends: ((end: ProcessEnd) => void)[] = [];
  processes.end = ({ stdoutFile }) => {
    writeFileSync(stdoutFile, 'result');
    return new Promise((resolve) => ends.push(resolve));
  };
  const worker = new Worker({
    ports: { clock, random: () => 0.5, results, processes },
    ...{ config, folder, log: () => undefined, giveUp: giveUp.signal, draining: draining.signal },
  });
  const consumption = queue.consume(worker.handle);
  const begun = (): (string | undefined)[] => processes.runs.map(({ env }) => env['TANDEM_JOB_ID']);
  const send = (...ids: string[]): void => {
    for (const id of ids) queue.send(`message-${id}`, JSON.stringify({ id }));
  };
  const finish = (): void => ends.shift()?.({ kind: 'exit', code: 0 });
  const fetched = (...ids: string[]) =>
    until('fetched', () => queue.waiting.every(({ messageId }) => !ids.includes(messageId.slice(8))));
  /** Jobs of a second each, so that the end of the next one is known beforehand. */
  const practise = async (): Promise<void> => {
    for (const id of ['x', 'y', 'z']) {
      send(id);
      await until(`${id} began`, () => begun().includes(id));
      await clock.advance(1000);
      finish();
      await until(`${id} is done`, () => results.written.has(`results/${id}`));
    }
  };
  return { clock, queue, results, worker, consumption, giveUp, draining, begun, send, finish, fetched, practise };
}

describe('a worker', () => {
  test('begins the next job while the result of the last is written', async () => {
    const it = setUp();
    const store = Promise.withResolvers<'written'>();
    it.results.putOnce = () => store.promise;
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    it.finish();
    await until('b began', () => it.begun().includes('b'));
    expect(it.queue.settled).toEqual([]);
    store.resolve('written');
    it.finish();
    await it.consumption.stop();
    expect(it.queue.settled).toEqual([{ done: true }, { done: true }]);
  });

  test('fetches no job before it knows how long jobs are, and the one before has ended', async () => {
    const it = setUp();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(60_000);
    expect(it.queue.waiting.map(({ messageId }) => messageId)).toEqual(['message-b']);
  });

  test('fetches a short job a moment before the end of the last, and begins it after', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(699);
    expect(it.queue.waiting).toHaveLength(1);
    await it.clock.advance(1);
    await it.fetched('b');
    await it.clock.advance(300);
    expect(it.begun()).not.toContain('b');
    it.finish();
    await until('b began', () => it.begun().includes('b'));
    expect(it.worker.current?.id).toBeDefined();
  });

  test('gives a job back that waits too long behind a longer one than expected', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(700);
    await it.fetched('b');
    const others = it.queue.settled.length;
    await until('given back', async () => {
      await it.clock.advance(1000);
      return it.queue.settled.length > others;
    });
    expect(it.queue.settled.at(-1)).toMatchObject({ done: false, retrySeconds: 0 });
    expect(it.begun()).not.toContain('b');
    // Once is enough: until the long one ends, nothing is fetched again.
    await it.clock.advance(60_000);
    expect(it.queue.waiting.map(({ messageId, receives }) => [messageId, receives])).toEqual([['message-b', 1]]);
  });

  test('keeps one that came back before: deliveries are counted, and too many bury it', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    it.queue.waiting[1]!.receives = 1;
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(700);
    await it.fetched('b');
    const settled = it.queue.settled.length;
    for (let minute = 0; minute < 20; minute += 1) await it.clock.advance(60_000);
    expect(it.queue.settled).toHaveLength(settled);
    it.finish();
    await until('b began', () => it.begun().includes('b'));
  });

  test('gives back at once what it fetched when it is drained, and ends what it began', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(700);
    await it.fetched('b');
    const settled = it.queue.settled.length;
    it.draining.abort();
    const stopping = it.consumption.stop();
    await until('given back', () => it.queue.settled.length > settled);
    expect(it.queue.settled.at(-1)).toMatchObject({ done: false, retrySeconds: 0 });
    it.finish();
    await stopping;
    expect(it.results.written.has('results/a')).toBe(true);
    expect(it.begun()).not.toContain('b');
  });
});

describe('the next job is fetched', () => {
  test.each([
    ['after the end: nothing is known yet', [1000, 1000], undefined],
    ['a moment before the end of jobs that are alike', [1000, 1100, 1200], 700],
    ['at once where jobs are over in a moment', [50, 60, 55], 0],
    ['after the end of jobs that are not alike', [1000, 1000, 5000], undefined],
    ['after the end of long jobs', [60_000, 60_000, 60_000], undefined],
    ['by the latest jobs only', [60_000, 1000, 1000, 1000], 700],
  ])('%s', (_, durations, afterMs) => {
    const timer = new PrefetchTimer();
    for (const each of durations) timer.observe(each);
    expect(timer.afterMs).toBe(afterMs);
  });
});
