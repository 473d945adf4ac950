import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';

const COUNT = 12;
let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'tandem-kill-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An operator's run; with its output and exit code once it is over. */
function operator(name: string, wait = 0) {
  const args = [join(import.meta.dirname, 'kill-worker.ts'), root, String(COUNT), name, String(wait)];
  const env = {
    ...process.env,
    FAKE_TERRAFORM_PAUSE: '40',
    FAKE_TERRAFORM_LOG: join(root, 'commands'),
    XDG_RUNTIME_DIR: root,
  };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (output += chunk));
  const over = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, over };
}

const resources = (): string[] => {
  const state = JSON.parse(readFileSync(join(root, '.tandem/state/openstack/lab/base.tfstate'), 'utf8')) as {
    resources: { name: string }[];
  };
  return state.resources.map(({ name }) => name);
};

/** Ends the engines that a killed operator left running, as a machine that goes down would. */
function killEngines(): void {
  const log = join(root, 'commands');
  if (!existsSync(log)) return;
  for (const [, id] of readFileSync(log, 'utf8').matchAll(/^apply (\d+)$/gm)) {
    try {
      // Numbers are used again: only what still is one of ours is ended.
      if (readFileSync(`/proc/${id}/environ`, 'utf8').includes(root)) process.kill(Number(id), 'SIGKILL');
    } catch {
      // It is over already.
    }
  }
}

test.each([false, true])(
  'killed at any moment and run again, it finishes (engine killed as well: %s)',
  async (engineToo) => {
    for (let round = 0; round < 5; round += 1) {
      const { child, over } = operator('ops');
      await sleep(150 + Math.random() * 900);
      child.kill('SIGKILL');
      await over;
      if (engineToo && round > 0) killEngines();
      // Whatever the moment: everything that is read is whole.
      await localJournal(root).open();
      await localRecords(root).list();
      await localLocks(root).list();
    }
    const { code, output } = await operator('ops').over;
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(resources()).toHaveLength(COUNT);
    expect(await localJournal(root).open()).toEqual([]);
    expect(await localLocks(root).list()).toEqual([]);
    expect((await localRecords(root).list()).map((each) => each.stack)).toEqual(['openstack/lab/base']);
  },
);

test('of two operators at once one works, the other is told who', async () => {
  const runs = [operator('alice'), operator('bruno')];
  const outcomes = await Promise.all(runs.map((each) => each.over));
  const refused = outcomes.filter((each) => each.code !== 0);
  // Where the first was through before the second began, both are right.
  for (const { output } of refused) expect(output).toMatch(/state-locked.*(?:alice|bruno)@here/);
  expect(outcomes.some((each) => each.code === 0)).toBe(true);
  expect(resources()).toHaveLength(COUNT);
});

test('with patience both are through, one after the other', async () => {
  const outcomes = await Promise.all([operator('alice', 40).over, operator('bruno', 40).over]);
  expect(outcomes.map((each) => each.code)).toEqual([0, 0]);
  const did = outcomes.map((each) => (JSON.parse(each.output) as { outcome: string }[])[0]?.outcome).sort();
  expect(did).toEqual(['applied', 'unchanged']);
});
