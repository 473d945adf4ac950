/** Bundles the scaler into one file, and that into the archive that AWS Lambda takes: the same bytes for the same sources and lock file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { build } from 'rolldown';

const home = join(import.meta.dirname, '..');
const folder = process.argv[2] ?? join(home, 'dist');
const name = 'fleet-scaler.mjs';

await build({
  input: join(home, 'src/main.ts'),
  platform: 'node',
  // Paths of modules must not reach the bytes.
  cwd: home,
  logLevel: 'warn',
  transform: { target: 'node24' },
  output: {
    file: join(folder, name),
    format: 'esm',
    codeSplitting: false,
    minify: true,
    comments: false,
  },
});

// An archive has local times: this one is the first that there is, in any zone.
const mtime = new Date(1980, 0, 1);
// Lambda reads the file as another user than the one who packed it: readable for all, made on Unix.
const attrs = 0o644 << 16;
writeFileSync(
  join(folder, 'fleet-scaler.zip'),
  zipSync({ [name]: [readFileSync(join(folder, name)), { mtime, os: 3, attrs, level: 9 }] }),
);
