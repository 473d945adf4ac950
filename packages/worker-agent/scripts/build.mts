/** Bundles the agent into the one file that systemd runs: the same bytes for the same sources and lock file. */
import { join } from 'node:path';
import { build } from 'rolldown';

const home = join(import.meta.dirname, '..');

await build({
  input: join(home, 'src/main.ts'),
  platform: 'node',
  // Paths of modules must not reach the bytes.
  cwd: home,
  logLevel: 'warn',
  transform: { target: 'node24' },
  output: {
    file: process.argv[2] ?? join(home, 'dist/worker-agent.mjs'),
    format: 'esm',
    codeSplitting: false,
    minify: true,
    comments: false,
  },
});
