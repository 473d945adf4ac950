import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-capacity-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('cloud capacity draws leases over time on a page, beside what it says', async () => {
  const file = join(folder, 'capacity.html');
  const line = ['cloud', 'capacity', 'paris', '--over', '2w', '--leases-per-week', '0', '--hosts', '3', '--html', file];
  const { code, stdout } = await tandemInProcess(CODE_ROOT, line);
  expect(code).toBe(0);
  expect(stdout).toContain('With 3 more hosts: no lease comes, and room only grows.');
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('<h1>Capacity of paris over time</h1>');
  expect(page).toContain('With 3 more hosts: no lease comes, and room only grows.');
});

it.each(['--html', '--leases-per-week', '--hosts', '--seed'])('fails where %s stands without --over', async (flag) => {
  const { code, stderr } = await tandemInProcess(CODE_ROOT, ['cloud', 'capacity', 'paris', flag, '5']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('are of a simulation')]);
});
