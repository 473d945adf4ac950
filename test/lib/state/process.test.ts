import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StackId } from '../../../lib/stack/id.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import {
  hasEnded,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  type SystemIdentity,
} from '../../../lib/state/process.ts';
import { lockRequest } from './lock-request.ts';

const stack: StackId = 'openstack/lab/base';

describe('hasEnded', () => {
  const outermost = 'pid:[4026531836]';
  const bootedAt = Date.parse('2026-11-28T06:00:00Z');
  const here: SystemIdentity = { machineId: 'm1', bootId: 'b1', pidNamespace: outermost, bootedAt };
  const { processId, processStarted } = identifyProcess();
  const alive = { ...here, processId, processStarted, since: '2026-11-28T07:00:00Z' };
  /** No number of a process reaches this. */
  const gone = { ...alive, processId: 2 ** 30 };
  const before = { ...gone, bootId: 'b0', since: '2026-11-28T05:00:00Z' };
  const container = 'pid:[4026532999]';
  const kinds: readonly (readonly [string, ProcessIdentity & { since: string }, boolean, Partial<SystemIdentity>?])[] =
    [
      ['a process that runs', alive, false],
      ['a process that is gone', gone, true],
      ['a number that another process has by now', { ...alive, processStarted: '1' }, true],
      ['a process of another name space of this machine', { ...gone, pidNamespace: container }, false],
      ['a process of this machine before it was started again', before, true],
      ['the same, of a container then', { ...before, pidNamespace: container }, false],
      ['the same, looked at from a container', before, false, { pidNamespace: container }],
      ['another machine', { ...before, machineId: 'm2' }, false],
      ['another start of the kernel, after our own', { ...before, since: '2026-11-28T06:30:00Z' }, false],
      ['another start of the kernel, of machines without ids', { ...before, machineId: '' }, false, { machineId: '' }],
      ['this machine, whose start is unknown', before, false, { bootedAt: Number.NaN }],
      ['a time that is none', { ...before, since: 'yesterday' }, false],
      ['the old format', { ...gone, machineId: '', bootId: '', pidNamespace: '', processStarted: '' }, false],
      ['a system that says nothing', { ...gone, bootId: '' }, false, { bootId: '' }],
    ];
  for (const [name, holder, ended, own] of kinds)
    test(name, () => {
      expect(hasEnded(holder, { ...here, ...own })).toBe(ended);
    });
});

test('a zombie has ended, whether its start is known or not', async () => {
  // `sleep` takes the place of a shell, and never asks how the shell's child ended.
  const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    await vi.waitFor(() => expect(readFileSync(`/proc/${zombie}/stat`, 'utf8')).toContain(') Z '), 30_000);
    expect(isRunning({ processId: zombie, processStarted: '' })).toBe(false);
    expect(isRunning({ processId: zombie, processStarted: '1' })).toBe(false);
    expect(isRunning({ processId: process.pid, processStarted: '' })).toBe(true);
  } finally {
    parent.kill('SIGKILL');
  }
});

describe.skipIf(!canUnshare())('two PID name spaces with one host name', () => {
  let root = '';
  beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'tandem-namespaces-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const inside = () => acquire(['unshare', '-p', '-f', '--mount-proc', process.execPath]);
  const outside = () => acquire([process.execPath]);
  const acquire = ([program = '', ...args]: string[]): string => {
    const child = join(import.meta.dirname, 'acquire.child.ts');
    const run = spawnSync(program, [...args, '--disable-warning=ExperimentalWarning', child, root, stack], {
      encoding: 'utf8',
    });
    return `${run.stdout}${run.stderr}`.trim();
  };

  test('nobody takes a lock from who cannot be seen from here', async () => {
    const held = await localLocks(root).acquire(lockRequest({ stack }));
    expect(inside()).toBe('state-locked');
    await held.assertHeld();
    await held.release();
    // It ended without a release, which cannot be known from outside. (Its name space's number may be given to the next one: no process
    // of it can be left then.)
    expect(inside()).toBe('held');
    expect(outside()).toBe('state-locked');
  });

  test('a lock is taken from who ended in our own', () => {
    expect([outside(), outside()]).toEqual(['held', 'held']);
  });
});

function canUnshare(): boolean {
  return spawnSync('unshare', ['-p', '-f', '--mount-proc', 'true']).status === 0;
}
