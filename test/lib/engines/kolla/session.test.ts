import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followAll, type KollaRun, runKolla } from '../../../../lib/engines/kolla/run-kolla.ts';
import { follow, type SessionRequest, start, stateOf } from '../../../../lib/engines/kolla/session.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-session-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const never = () => new AbortController().signal;

/** A program that notes that it was started, and goes on until a file is there. */
function program(script: string): SessionRequest {
  return {
    ...{ folder: join(root, 'run'), program: '/bin/sh', args: ['-c', `echo started >>"${root}/starts"; ${script}`] },
    ...{ environment: { PATH: process.env['PATH'] ?? '' }, workingFolder: root },
  };
}

const WAITS = () => `echo "TASK [one]"; while [ ! -e "${root}/go" ]; do sleep 0.05; done; echo "TASK [two]"; exit 3`;
const starts = () => readFileSync(join(root, 'starts'), 'utf8').trim().split('\n').length;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a program in a session of its own', () => {
  it('is followed by whoever comes later, and never started twice', async () => {
    const request = program(WAITS());
    await start(request);
    await until(() => existsSync(join(root, 'starts')));
    expect(stateOf(request.folder)).toEqual({ runs: true });
    await start(request);
    const lines: string[] = [];
    const ended = follow(request.folder, never(), (line) => lines.push(line));
    writeFileSync(join(root, 'go'), '');
    expect(await ended).toBe(3);
    expect(lines).toEqual(['TASK [one]', 'TASK [two]']);
    expect(starts()).toBe(1);
    expect(stateOf(request.folder)).toEqual({ runs: false, code: 3 });
  });

  it('that ended unseen is told, not repeated', async () => {
    const request = program('echo said; exit 4');
    await start(request);
    await until(() => stateOf(request.folder)?.code !== undefined);
    await start(request);
    expect(await follow(request.folder, never(), () => undefined)).toBe(4);
    expect(starts()).toBe(1);
  });

  it('that was killed is started anew', async () => {
    const request = program(WAITS());
    await start(request);
    // The file is there before its first line is.
    await until(() => existsSync(join(root, 'starts')) && readFileSync(join(root, 'starts'), 'utf8').endsWith('\n'));
    process.kill(-Number(readFileSync(join(request.folder, 'pid'), 'utf8').trim()), 'SIGKILL');
    await until(() => stateOf(request.folder)?.runs === false);
    expect(await follow(request.folder, never(), () => undefined)).toBe(1);
    await start(request);
    writeFileSync(join(root, 'go'), '');
    expect(await follow(request.folder, never(), () => undefined)).toBe(3);
    expect(starts()).toBe(2);
  });

  it('is interrupted once the task that is under way ends', async () => {
    const marks = `trap 'echo interrupted; exit 9' INT; ${WAITS().replace('exit 3', 'while true; do sleep 0.05; done')}`;
    const request = program(marks);
    await start(request);
    const stop = new AbortController();
    const lines: string[] = [];
    const ended = follow(request.folder, stop.signal, (line) => lines.push(line));
    await until(() => lines.length > 0);
    stop.abort();
    writeFileSync(join(root, 'go'), '');
    expect(await ended).toBe(9);
    expect(lines).toEqual(['TASK [one]', 'TASK [two]', 'interrupted']);
  });
});

describe('a run of kolla-ansible', () => {
  const run = (script: string, once = false): KollaRun => {
    const { args } = program(script);
    return {
      ...{ program: '/bin/sh', args, folder: root, run: join(root, 'runs/a'), log: join(root, 'the.log'), once },
      ...{ environment: { PATH: process.env['PATH'] ?? '' }, signal: never() },
    };
  };
  const FAILS = 'echo "TASK [Apply] ***"; echo "fatal: [host-1]: FAILED! => secret"; exit 2';

  it('says who failed at what, and keeps what hosts said in the log', async () => {
    expect(await runKolla(run(FAILS))).toEqual({ code: 2, faults: [{ host: 'host-1', task: 'Apply' }] });
    expect(readFileSync(join(root, 'the.log'), 'utf8')).toContain('secret');
    expect(existsSync(join(root, 'runs/a'))).toBe(false);
  });

  it('tells nothing of a failure that its task bears', async () => {
    const bears = 'echo "TASK [Look] ***"; echo "fatal: [host-1]: FAILED! => no"; echo "...ignoring"';
    expect(await runKolla(run(`${bears}; exit 0`))).toEqual({ code: 0, faults: [] });
    expect((await runKolla(run(`${bears}; ${FAILS}`))).faults).toEqual([{ host: 'host-1', task: 'Apply' }]);
  });

  it('that succeeded is repeated, unless it is wanted once', async () => {
    await runKolla(run('exit 0'));
    await runKolla(run('exit 0'));
    expect(starts()).toBe(2);
    await runKolla(run('exit 0', true));
    expect(starts()).toBe(2);
  });

  it('that failed is repeated in any case', async () => {
    await runKolla(run(FAILS, true));
    await runKolla(run(FAILS, true));
    expect(starts()).toBe(2);
  });

  it('of an interrupted process is waited for before the tree is written anew', async () => {
    await start({ ...program(WAITS()), folder: join(root, 'runs/op/b') });
    await until(() => existsSync(join(root, 'starts')));
    const waits = followAll(join(root, 'runs'), never());
    writeFileSync(join(root, 'go'), '');
    await waits;
    expect(stateOf(join(root, 'runs/op/b'))).toEqual({ runs: false, code: 3 });
  });
});
