/** Bundles the AWS emulator of `lab/aws` with its model of AWS into one file; the specification goes with it. */
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

const home = join(import.meta.dirname, '..');
const root = join(home, '../..');
const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const file = process.argv[2] ?? join(home, 'dist/lab-aws.mjs');

await build({
  input: join(root, 'lab/aws/main.ts'),
  platform: 'node',
  // Paths of modules must not reach the bytes.
  cwd: root,
  logLevel: 'warn',
  external: Object.keys(dependencies),
  transform: { target: 'node20' },
  output: { file, format: 'esm', codeSplitting: false, minify: true, comments: false, banner: '#!/usr/bin/env node' },
});
chmodSync(file, 0o755);
copyFileSync(join(root, 'lab/aws/SPEC.md'), join(file, '../SPEC.md'));
