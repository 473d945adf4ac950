import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openReporter, type Reporter } from '../../../lib/cli/reporter.ts';
import type { StackId } from '../../../lib/stack/id.ts';

let written = '';
const stack = 'openstack/lab/base' as StackId;
const open = (isTTY: boolean): Reporter =>
  openReporter({ isTTY, columns: 100, rows: 24 }, (text) => void (written += text));
const resource = (phase: 'start' | 'done', address = 'server.web') =>
  ({ kind: 'resource', stack, address, action: 'create', phase, seconds: 3 }) as const;
const counted = (done: number) => ({ kind: 'progress', what: 'synthesizing stacks', done, total: 10 }) as const;

beforeEach(() => {
  written = '';
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => vi.useRealTimers());

describe('on a terminal', () => {
  it('predicts when counted work ends, once it takes longer than a second', () => {
    const reporter = open(true);
    reporter.emit(counted(1));
    expect(written).toBe('');
    vi.advanceTimersByTime(2000);
    reporter.emit(counted(5));
    expect(written).toBe('\r\u001b[Ksynthesizing stacks: 5 of 10, about 2 s left');
    reporter.emit(counted(10));
    expect(written.endsWith('\r\u001b[K')).toBe(true);
  });

  it('shows what goes on with a predicted finish, and a line for each thing done', () => {
    const reporter = open(true);
    reporter.emit({ kind: 'forecast', seconds: 60, known: 1 });
    reporter.emit(resource('start'));
    vi.advanceTimersByTime(10_000);
    expect(written.split('\r\u001b[K').at(-1)).toBe('10 s, about 50 s left: creating server.web');
    reporter.emit(resource('done'));
    expect(written).toMatch(/openstack\/lab\/base server\.web: created in 3 s\n$/);
    reporter.end();
  });

  it('does not count the time of a question, and draws nothing over it', async () => {
    const reporter = open(true);
    reporter.emit({ kind: 'forecast', seconds: 60, known: 1 });
    reporter.emit(resource('start'));
    await reporter.suspend(async () => {
      written = '';
      vi.advanceTimersByTime(300_000);
      expect(written).toBe('');
    });
    vi.advanceTimersByTime(10_000);
    expect(written.split('\r\u001b[K').at(-1)).toBe('10 s, about 50 s left: creating server.web');
    reporter.end();
  });
});

it('says how many stacks of several are through', () => {
  const reporter = open(true);
  const other = 'openstack/lab/dev/a' as StackId;
  reporter.emit({ kind: 'operation', operation: 'o', verb: 'deploy', stacks: [stack, other], resumes: false });
  reporter.emit({ kind: 'stack', stack: other, phase: 'unchanged', seconds: 0 });
  reporter.emit(resource('start'));
  vi.advanceTimersByTime(1000);
  expect(written.split('\r\u001b[K').at(-1)).toBe('1 of 2 stacks through, 1 s: creating server.web');
  reporter.end();
});

it('reports what became of each stack where some failed', () => {
  const reporter = open(false);
  const stacks = [
    { id: stack, outcome: 'failed', seconds: 0, changes: 0, reason: 'no room\nfor it' },
    { id: 'openstack/lab/dev/a' as StackId, outcome: 'applied', seconds: 3, changes: 2 },
    {
      id: 'openstack/lab/dev/b' as StackId,
      outcome: 'skipped',
      seconds: 0,
      changes: 0,
      reason: `it comes after ${stack}`,
    },
  ] as const;
  reporter.emit({ kind: 'report', stacks });
  expect(written.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '))).toEqual([
    'what became of each stack:',
    'failed  openstack/lab/base  no room for it',
    'applied  openstack/lab/dev/a  2 changes in 3 s',
    'not begun  openstack/lab/dev/b  it comes after openstack/lab/base',
    '',
  ]);
});

describe('elsewhere', () => {
  it('is silent about counted work, and tells line by line what is done', () => {
    const reporter = open(false);
    reporter.emit(counted(1));
    reporter.emit(resource('start'));
    vi.advanceTimersByTime(5000);
    reporter.emit(counted(5));
    reporter.emit({
      kind: 'message',
      level: 'warn',
      code: 'stack-skipped',
      text: 'skipped aws/prod/network: no reason',
    });
    reporter.emit(resource('done'));
    reporter.end();
    expect(written).toBe('skipped aws/prod/network: no reason\n  openstack/lab/base server.web: created in 3 s\n');
  });
});
