import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOperation } from '../../../lib/deploy/operation.ts';
import type { StackId } from '../../../lib/stack/id.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { sample } from '../../chaos.ts';
import { record } from './record-of.ts';

const stack: StackId = 'openstack/lab/base';
const key = `apply ${stack}`;

/** Runs the operation in a process of its own, which kills itself at a call; gives what it acknowledged, by name. */
function run(root: string, at = 0) {
  const child = join(import.meta.dirname, 'killed.child.ts');
  const args = ['--disable-warning=ExperimentalWarning', child, root, String(at)];
  const { stdout, stderr, signal } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  return { signal, stderr, told: new Map(lines.map((line) => [line.split(' ')[0], line.split(' ')[1] ?? ''])) };
}

function open(root: string) {
  return { records: localRecords(root), journal: localJournal(root), locks: localLocks(root) };
}

async function broken(root: string) {
  const { records, journal, locks } = open(root);
  return [...(await records.broken()), ...(await journal.broken()), ...(await locks.broken())];
}

/** Whatever was acknowledged is there, and all can be read. */
async function verifyLeft(root: string, told: ReadonlyMap<string | undefined, string>, old: string | undefined) {
  expect(await broken(root)).toEqual([]);
  const { records, journal, locks } = open(root);
  const commit = (await records.read(stack))?.commit;
  expect(told.has('recorded') ? ['new'] : [old, 'new']).toContain(commit);
  if (told.has('acquired') && !told.has('ended'))
    expect((await locks.read(stack))?.token).toBe(Number(told.get('acquired')));
  const unfinished = (await journal.open()).find((each) => each.id === told.get('begun'));
  const ended = (await journal.history(20)).find((each) => each.id === told.get('begun'));
  if (told.has('ended')) expect([unfinished, ended?.outcome]).toEqual([undefined, 'succeeded']);
  else if (told.has('done') && unfinished === undefined) expect(ended?.outcome).toBe('succeeded');
  else if (told.has('done')) expect(unfinished?.done).toContain(key);
  else if (told.has('intended')) expect([...(unfinished?.begun ?? []), ...(unfinished?.done ?? [])]).toContain(key);
  else if (told.has('begun')) expect(unfinished).toBeDefined();
}

async function verifyRerun(root: string, told: ReadonlyMap<string | undefined, string>) {
  const stores = open(root);
  const ports = { ...stores, actor: { by: 'ops@here', host: hostname() }, commit: '', now: () => new Date() };
  const options = { verb: 'deploy', signal: new AbortController().signal, emit: () => undefined };
  await runOperation(ports, [stack], options, async (operation) => {
    const { locks } = operation;
    expect(locks[0]?.token).toBeGreaterThan(Number(told.get('acquired') ?? 0));
    await operation.step(key, () => stores.records.write(record(stack, 'rerun'), locks));
  });
  const ended = (await stores.journal.history(20)).map((each) => each.id);
  if (told.has('begun')) expect(ended).toContain(told.get('begun'));
  expect([await stores.journal.open(), await stores.locks.list(), await broken(root)]).toEqual([[], [], []]);
  expect((await stores.records.read(stack))?.commit).toBe('rerun');
}

test.each([
  ['a new project', undefined],
  ['one that was used', 'new'],
])(
  'in %s, killed at any call that changes a file: nothing acknowledged is lost, and the next run ends well',
  async (_, old) => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-killed-'));
    const before = join(folder, 'before');
    if (old !== undefined) run(before);
    const copy = (name: string): string => {
      const root = join(folder, name);
      if (old !== undefined) cpSync(before, root, { recursive: true });
      return root;
    };
    const calls = Number(run(copy('whole')).told.get('calls'));
    expect(calls).toBeGreaterThan(30);
    const points = Array.from({ length: calls }, (__, index) => index + 1);
    for (const at of sample(points, 4)) {
      const root = copy(String(at));
      const { signal, stderr, told } = run(root, at);
      expect({ at, signal, stderr }).toEqual({ at, signal: 'SIGKILL', stderr: '' });
      try {
        await verifyLeft(root, told, old);
        await verifyRerun(root, told);
      } catch (error) {
        throw new Error(`killed at call ${at} of ${calls}, after ${[...told.keys()].join(', ')}`, { cause: error });
      }
    }
    rmSync(folder, { recursive: true });
  },
  600_000,
);
