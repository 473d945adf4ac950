import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ProcessEnd } from '../../../packages/worker-agent/src/ports.ts';
import { PrefetchTimer } from '../../../packages/worker-agent/src/prefetch-timer.ts';
import { until } from './agent-process.ts';
import { fakeMachine } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-ahead-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine whose commands end when the test says so. */
function setUp() {
  const machine = fakeMachine(folder);
  const { clock, queue, results, processes, agent } = machine;
  const ends: ((end: ProcessEnd) => void)[] = [];
  processes.end = ({ stdoutFile }) => {
    writeFileSync(stdoutFile, 'result');
    return new Promise((resolve) => ends.push(resolve));
  };
  const running = agent.run();
  const begun = (): (string | undefined)[] => processes.runs.map(({ env }) => env['TANDEM_JOB_ID']);
  const send = (...ids: string[]): void => {
    for (const id of ids) queue.send(id, JSON.stringify({ id }));
  };
  const finish = (): void => ends.shift()?.({ kind: 'exit', code: 0 });
  const receives = (id: string): number | undefined => queue.messages.find((each) => each.id === id)?.receives;
  const fetched = (id: string) => until('fetched', () => (receives(id) ?? 0) > 0);
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
  return { ...machine, running, begun, send, finish, fetched, receives, practise };
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
    expect(it.queue.deleted).toEqual([]);
    store.resolve('written');
    it.finish();
    await until('both are done', () => it.queue.deleted.length === 2);
  });

  test('fetches no job before it knows how long jobs are, and the one before has ended', async () => {
    const it = setUp();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(60_000);
    expect(it.receives('b')).toBe(0);
  });

  test('fetches a short job a moment before the end of the last, and begins it after', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(699);
    expect(it.receives('b')).toBe(0);
    await it.clock.advance(1);
    await it.fetched('b');
    await it.clock.advance(300);
    expect(it.begun()).not.toContain('b');
    it.finish();
    await until('b began', () => it.begun().includes('b'));
  });

  test('gives a job back that waits too long behind a longer one than expected', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(700);
    await it.fetched('b');
    await until('given back', async () => {
      await it.clock.advance(1000);
      return it.queue.hidden.includes('b 0');
    });
    expect(it.begun()).not.toContain('b');
    // Once is enough: until the long one ends, nothing is fetched again.
    await it.clock.advance(60_000);
    expect(it.receives('b')).toBe(1);
  });

  test('keeps one that came back before: deliveries are counted, and too many bury it', async () => {
    const it = setUp();
    await it.practise();
    it.send('a', 'b');
    it.queue.messages.find(({ id }) => id === 'b')!.receives = 1;
    await until('a began', () => it.begun().includes('a'));
    await it.clock.advance(700);
    await it.fetched('b');
    for (let minute = 0; minute < 20; minute += 1) await it.clock.advance(60_000);
    expect(it.queue.hidden).not.toContain('b 0');
    expect(it.receives('b')).toBe(2);
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
    it.agent.signal();
    await until('given back', () => it.queue.hidden.includes('b 0'));
    it.finish();
    await until('a is done', async () => {
      await it.clock.advance(1000);
      return it.results.written.has('results/a');
    });
    await it.running;
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
