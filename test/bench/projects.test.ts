import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { leasesProject } from '../../bench/projects.ts';
import { loadAndCheck } from '../../lib/config/check.ts';
import { directoryFiles } from '../../lib/config/files.ts';

it.each(['sixty', 'everything'] as const)('a project of leases that benchmarks measure is valid: %s', (of) => {
  const folder = leasesProject(2, of);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { problems } = loadAndCheck(directoryFiles(folder), new Date('2026-11-20T00:00:00Z'));
  expect(problems.map(({ message }) => message)).toEqual([]);
});
