import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ProcessesFirst } from './test/sequencer.ts';

const real = join(import.meta.dirname, 'test/real');

/** Each folder of `test/real` is a tier of its own, on real engines: these need minutes, and each other's quiet. */
const tiers = existsSync(real) ? readdirSync(real, { withFileTypes: true }).filter(isTier) : [];

/** A folder without `*.real.ts` files holds what tiers share. */
function isTier(entry: Dirent): boolean {
  return entry.isDirectory() && readdirSync(join(real, entry.name)).some((file) => file.endsWith('.real.ts'));
}

export default defineConfig({
  test: {
    // One more than the cores: some files wait for processes and endpoints. By default one core is left to the main process.
    maxWorkers: availableParallelism() + 1,
    // Room for what is young: a tenth less of the processor's time, and a worker of 1.4 GB instead of 2.1.
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'],
    // The command lines that tests start load faster from compiled code.
    env: {
      // What stands in for other programs is told what to do there.
      TANDEM_CHILD_ENVIRONMENT: 'FAKE_*',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(import.meta.dirname, 'node_modules/.cache/compile'),
    },
    sequence: { sequencer: ProcessesFirst },
    projects: [
      // Five or ten seconds, the defaults, are nothing to a test of seconds on a busy machine: how long one takes decides nothing.
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Files of one worker share what they import: loading it anew for each took a third of the time.
          isolate: false,
          globalSetup: ['test/quick-disk.ts'],
          setupFiles: ['test/seed.ts'],
          // Node itself strips types and imports, as it does for users: nothing is transformed, and bindings of imports are its own.
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      // Files of these have endpoints and folders of their own and wait for one command line at a time: two go beside each other.
      ...tiers.map(({ name }) => ({
        test: {
          name,
          include: [`test/real/${name}/**/*.real.ts`],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          ...(['aws', 'cli', 'engines'].includes(name)
            ? { maxWorkers: 2, sequence: { groupOrder: 1 } }
            : { fileParallelism: false }),
        },
      })),
    ],
  },
});
