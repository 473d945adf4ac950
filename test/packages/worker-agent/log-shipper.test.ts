import { expect, test } from 'vitest';
import { LogShipper } from '../../../packages/worker-agent/src/log-shipper.ts';
import type { LogLine } from '../../../packages/worker-agent/src/ports.ts';
import { FakeClock } from './fakes.ts';

function setUp(put: (lines: readonly LogLine[]) => Promise<void>) {
  const clock = new FakeClock();
  const written: string[] = [];
  const shipper = new LogShipper(clock, (line) => written.push(line));
  const stop = new AbortController();
  return { clock, written, shipper, stop, running: shipper.run({ put }, stop.signal) };
}

test('lines are written at once and sent after some seconds, what came before the sink too', async () => {
  const sent: string[] = [];
  const { clock, written, shipper } = setUp(async (lines) => {
    sent.push(...lines.map(({ text }) => text));
  });
  shipper.line('one\n');
  expect({ written, sent }).toEqual({ written: ['one\n'], sent: [] });
  await clock.advance(5000);
  expect(sent).toEqual(['one']);
});

test('what could not be sent is sent later, in order; the failure is only written', async () => {
  const sent: string[] = [];
  let fails = true;
  const { clock, written, shipper, stop, running } = setUp(async (lines) => {
    if (fails) throw new Error('throttled');
    sent.push(...lines.map(({ text }) => text));
  });
  shipper.line('one\n');
  await clock.advance(5000);
  expect(written.at(-1)).toContain('throttled');
  fails = false;
  shipper.line('two\n');
  stop.abort();
  await running;
  expect(sent).toEqual(['one', 'two']);
});

test('a batch is within what PutLogEvents takes, and the oldest of too many are left out', async () => {
  const batches: number[] = [];
  const { clock, written, shipper } = setUp(async (lines) => {
    expect(lines.reduce((sum, { text }) => sum + text.length + 26, 0)).toBeLessThanOrEqual(1_048_576);
    batches.push(lines.length);
  });
  for (let index = 0; index < 21_000; index += 1) shipper.line(`${'x'.repeat(300)} ${index}\n`);
  await clock.advance(5000);
  expect(batches.reduce((sum, each) => sum + each, 0)).toBe(20_000);
  expect(Math.max(...batches)).toBeLessThanOrEqual(5000);
  expect(written.at(-1)).toContain('"count":1000');
});
