/** `npm run test:chaos`: every file of tests that is sampled each day, or draws its cases, whole. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { whatReaches } from './reach.ts';

const root = join(import.meta.dirname, '..');
const isSampled = ['/chaos.ts', "'fast-check'"].map(whatReaches);
const files = globSync('test/**/*.{test,real}.ts', { cwd: root }).filter((file) =>
  isSampled.some((reaches) => reaches(join(root, file))),
);
const { status } = spawnSync('vitest', ['run', ...files.sort(), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TANDEM_CHAOS: 'all' },
});
process.exitCode = status ?? 1;
