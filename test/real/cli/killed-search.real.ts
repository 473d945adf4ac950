import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { FitResult } from '../../../lib/actions/simulate/fit.ts';

const project = join(import.meta.dirname, '../../..');
const BUDGET = '8';

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-fit-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(project, 'config'), join(root, 'config'), { recursive: true });
  // Six hours with a wave of jobs each hour.
  const rates = Array.from({ length: 6 }, (_, hour) => `${3600 * hour},60,180,300\n${3600 * hour + 600},0,,`);
  writeFileSync(join(root, 'waves.csv'), `time,jobs,mean_seconds,p95_seconds\n${rates.join('\n')}\n`);
  return root;
}

function start(root: string) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'fit.child.ts'), root, BUDGET],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  return { child, ended: once(child, 'close').then(() => out) };
}

/** Simulations whose outcome is on disk. */
function known(root: string): number {
  try {
    const folder = join(root, '.tandem/simulate');
    return readdirSync(folder).reduce(
      (sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1,
      0,
    );
  } catch {
    return 0;
  }
}

test('a search that is killed in the middle comes to the same end as one that was left alone', {
  timeout: 900_000,
}, async () => {
  const alone = JSON.parse(await start(newRoot()).ended) as FitResult;
  const root = newRoot();
  const { child, ended } = start(root);
  while (known(root) < 3 && child.exitCode === null) await sleep(5);
  expect(child.kill('SIGKILL')).toBe(true);
  expect(await ended).toBe('');
  const resumed = JSON.parse(await start(root).ended) as FitResult;
  expect({ ...resumed, known: 0 }).toEqual({ ...alone, known: 0 });
  expect(resumed.known).toBeGreaterThanOrEqual(3);
  expect(alone.known).toBe(0);
  expect(alone.tried).toBeGreaterThanOrEqual(8);
});
