import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { until } from './agent-process.ts';
import { fakeMachine } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-cancel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const queue = { url: 'q', visibilityTimeoutSeconds: 30, maximumReceives: 5 };
const queues = [
  { ...queue, name: 'short', priority: 1, timeoutSeconds: 60 },
  { ...queue, name: 'long', priority: 1, timeoutSeconds: 7200 },
];

function setUp(config: object = {}) {
  const machine = fakeMachine(folder, { config: { ...config } });
  // As a process that ends when it is told to, or after ten minutes.
  machine.processes.end = async ({ stop, stdoutFile }) => {
    await machine.clock.sleep(600_000, stop);
    writeFileSync(stdoutFile, 'result');
    return stop.aborted ? { kind: 'stopped' } : { kind: 'exit', code: 0 };
  };
  return { ...machine, running: machine.agent.run() };
}

/** As `job cancel` does. */
const cancel = ({ states }: ReturnType<typeof setUp>, id: string): unknown =>
  states.items.set(id, { ...states.items.get(id)!, state: 'cancelled' });

test('a job that is cancelled while it runs is ended within a heartbeat, is not run again, and blames nobody', async () => {
  const it = setUp();
  it.queue.send('m', '{"id":"a"}');
  await until('it runs', () => it.processes.runs.length === 1);
  await it.clock.advance(20_000);
  cancel(it, 'a');
  await it.clock.advance(15_000);
  await until('settled', () => it.queue.deleted.length === 1);
  expect(it.states.items.get('a')).toMatchObject({
    state: 'cancelled',
    reason: expect.stringMatching(/^cancelled after it had run for (?:2\d|3[0-5]) s$/) as string,
  });
  expect({ results: it.results.written.size, left: it.queue.messages.length }).toEqual({ results: 0, left: 0 });
  await it.clock.advance(15_000);
  expect(it.table.items.get('i-1')).toMatchObject({ failures: 0, failed: 0, state: 'idle' });
});

test('of two slots, only the one whose job is cancelled ends it', async () => {
  const it = setUp({ slots: 2 });
  for (const id of ['a', 'b']) it.queue.send(id, JSON.stringify({ id }));
  await until('both run', () => it.processes.runs.length === 2);
  expect(it.processes.runs.map(({ env }) => env['TANDEM_JOB_ID']).sort()).toEqual(['a', 'b']);
  cancel(it, 'b');
  await it.clock.advance(15_000);
  await until('settled', () => it.queue.deleted.length === 1);
  expect(it.queue.deleted).toEqual(['b']);
  await it.clock.advance(600_000);
  await until('the other is done', () => it.results.written.has('results/a'));
});

test('a job that ends before its cancellation is seen is done', async () => {
  const it = setUp();
  it.processes.end = ({ stdoutFile }) => {
    cancel(it, 'a');
    writeFileSync(stdoutFile, 'result');
    return { kind: 'exit', code: 0 };
  };
  it.queue.send('m', '{"id":"a"}');
  await until('done', () => it.results.written.has('results/a') && it.queue.deleted.length === 1);
  expect(it.states.items.get('a')).toMatchObject({ state: 'done' });
});

test('a job has the time-out of its queue, and is told which that is', async () => {
  const it = setUp({ queues, slots: 2 });
  for (const id of ['a', 'b']) it.queue.send(id, JSON.stringify({ id }));
  await until('both run', () => it.processes.runs.length === 2);
  for (const { env, timeoutMs } of it.processes.runs)
    expect(timeoutMs).toBe(env['TANDEM_QUEUE'] === 'long' ? 7_200_000 : 60_000);
});

test('a job may empty the folder that it starts in', async () => {
  const it = setUp();
  it.processes.end = ({ cwd, stdoutFile }) => {
    rmSync(cwd, { recursive: true });
    writeFileSync(stdoutFile, 'still');
    return { kind: 'exit', code: 0 };
  };
  it.queue.send('m', '{"id":"a"}');
  await until('done', () => it.results.written.get('results/a') === 'still');
});
