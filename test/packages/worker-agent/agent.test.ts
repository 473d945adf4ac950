import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { until } from './agent-process.ts';
import { fakeMachine } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-agent-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TARGET = 'meta-data/autoscaling/target-lifecycle-state';

function setUp(more: Readonly<Record<string, unknown>> = {}) {
  const machine = fakeMachine(folder, { config: { ...more } });
  machine.processes.end = ({ stdoutFile }) => {
    writeFileSync(stdoutFile, 'result');
    return { kind: 'exit', code: 0 };
  };
  const state = (): string | undefined => machine.table.items.get('i-1')?.state;
  return { ...machine, state, running: machine.agent.run() };
}

async function end({ agent, clock, running }: ReturnType<typeof setUp>): Promise<void> {
  agent.signal();
  await clock.advance(1000);
  await running;
}

test('takes jobs after its first heartbeat and the hook, and beats every 15 seconds', async () => {
  const it = setUp();
  it.queue.send('m', '{"id":"a"}');
  await until('the result', () => it.results.written.get('results/a') === 'result');
  await until('settled', () => it.queue.deleted.length === 1);
  expect(it.group.inService).toContain('i-1');
  await it.clock.advance(7600);
  const first = it.table.items.get('i-1')?.at;
  await it.clock.advance(15_000);
  const second = it.table.items.get('i-1')?.at;
  expect(Date.parse(second ?? '') - Date.parse(first ?? '')).toBe(15_000);
  expect(it.table.items.get('i-1')).toMatchObject({ version: '1.2.3', state: 'idle', jobs: [], program: '1' });
  await end(it);
  expect(it.state()).toBe('drained');
});

test('takes nothing in a warm pool, and all in service', async () => {
  const it = setUp();
  it.metadata.values.set(TARGET, 'Warmed:Stopped');
  it.queue.send('m', '{"id":"a"}');
  await it.clock.advance(30_000);
  expect(it.group.inService).toContain('i-1');
  expect({ state: it.state(), results: it.results.written.size }).toEqual({ state: 'warm', results: 0 });
  it.group.actions.add('first-heartbeat i-1');
  it.metadata.values.set(TARGET, 'InService');
  await it.clock.advance(6000);
  await until('the result', () => it.results.written.has('results/a'));
  expect(it.group.actions.size).toBe(0);
  await end(it);
});

test('completes the terminating hook when drained, and stays out of work', async () => {
  const it = setUp();
  await it.clock.advance(1000);
  it.group.actions.add('drain i-1');
  it.metadata.values.set(TARGET, 'Terminated');
  await it.clock.advance(6000);
  await until('completed', () => it.group.actions.size === 0);
  it.queue.send('m', '{"id":"late"}');
  await it.clock.advance(20_000);
  expect(it.results.written.size).toBe(0);
  await end(it);
});

test('is started on an instance that is being terminated: takes nothing', async () => {
  const it = setUp();
  it.metadata.values.set(TARGET, 'Terminated');
  it.queue.send('m', '{"id":"late"}');
  await it.clock.advance(20_000);
  expect(it.results.written.size).toBe(0);
  await end(it);
});

const REBALANCE = 'meta-data/events/recommendations/rebalance';

test.each([
  ['ignore', 'idle'],
  ['drain', 'drained'],
])('a rebalance recommendation, to %s: %s', async (onRebalance, state) => {
  const it = setUp({ onRebalance });
  it.metadata.values.set(REBALANCE, '{"noticeTime":"2026-11-21T00:00:00Z"}');
  await it.clock.advance(30_000);
  expect(it.state()).toBe(state);
  await end(it);
});

test('a job whose result is there is not run again', async () => {
  const it = setUp();
  it.results.written.set('results/a', 'earlier');
  it.queue.send('m', '{"id":"a"}');
  await until('settled', () => it.queue.deleted.length > 0);
  expect(it.processes.runs).toEqual([]);
  await end(it);
});

test('a job that fails comes back later and later', async () => {
  const it = setUp({ retry: { firstSeconds: 10, mostSeconds: 60 } });
  it.processes.end = () => ({ kind: 'exit', code: 1 });
  it.queue.send('m', '{"id":"a"}');
  const waits = (): string[] => it.queue.hidden.filter((each) => each !== 'm 30');
  await until('three failures', async () => {
    await it.clock.advance(1000);
    return waits().length >= 3;
  });
  expect(waits().slice(0, 3)).toEqual(['m 5', 'm 10', 'm 20']);
  await end(it);
});

test('a job without an id has that of its message', async () => {
  const it = setUp();
  it.queue.send('message-1', '{"what":"ever"}');
  await until('the result', () => it.results.written.has('results/message-1'));
  await end(it);
});
