import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { directoryFiles } from '../../../lib/config/files.ts';
import { loadProject } from '../../../lib/config/load.ts';
import { deployStacks } from '../../../lib/deploy/deploy.ts';
import { deployPorts } from '../../../lib/deploy/real.ts';
import { OUTPUT, RUNNING } from '../../../lib/engines/terraform/work-folder.ts';
import { TandemError } from '../../../lib/errors/tandem-error.ts';
import type { StateLocation } from '../../../lib/openstack/state-backend.ts';
import { artefactName, type StackId } from '../../../lib/stack/id.ts';
import { chaosStack } from './fixture.ts';

/**
 * What happens at the n-th moment, before or after a call of a store; of `kill-after`, n tenths of a second after the start; of
 * `kill-terraform`, so long after Terraform began to apply, which is killed while Tandem lives.
 */
export type Strike = 'kill' | 'kill-after' | 'kill-terraform' | 'full' | 'later' | 'earlier';

export interface ChaosRun {
  readonly root: string;
  readonly id: StackId;
  readonly location: StateLocation;
  readonly destroy: boolean;
  readonly strike?: { readonly at: number; readonly kind: Strike };
}

/** What a run that was not killed says of itself. */
export interface ChaosOutcome {
  readonly moments: number;
  readonly code: string;
  readonly open: number;
}

const DAY = 86_400_000;
const kill = (): boolean => process.kill(process.pid, 'SIGKILL');
const run = JSON.parse(process.argv[2] ?? '') as ChaosRun;
if (run.strike?.kind === 'kill-after') setTimeout(kill, run.strike.at * 100);
if (run.strike?.kind === 'kill-terraform') void killTerraform(run.strike.at * 100);
let moments = 0;

function moment(): void {
  moments += 1;
  if (run.strike?.at !== moments) return;
  switch (run.strike.kind) {
    case 'kill':
      kill();
      break;
    case 'kill-after':
    case 'kill-terraform':
      break;
    case 'full':
      fillDisk();
      break;
    case 'later':
    case 'earlier':
      jump(run.strike.kind === 'later' ? DAY : -DAY);
  }
}

async function killTerraform(milliseconds: number): Promise<void> {
  const output = join(run.root, '.tandem', 'work', artefactName(run.id), OUTPUT);
  while (!existsSync(output)) await sleep(20);
  await sleep(milliseconds);
  const note = join(dirname(output), RUNNING);
  if (!existsSync(note)) return;
  const { processId } = JSON.parse(readFileSync(note, 'utf8')) as { processId: number };
  process.kill(processId, 'SIGKILL');
}

/** Until nothing more fits on the file system of the project, which is a small one of its own. */
function fillDisk(): void {
  for (let size = 1 << 24; size > 0; size >>= 1)
    for (let full = false; !full; )
      try {
        writeFileSync(join(run.root, 'filler'), Buffer.alloc(size), { flag: 'a' });
      } catch {
        full = true;
      }
}

/** Every clock of the process from now on. */
function jump(by: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args: [] | [string | number | Date]) {
      super(...((args.length === 0 ? [Real.now() + by] : args) as [number]));
    }
    static override now(): number {
      return Real.now() + by;
    }
  } as DateConstructor;
}

/** The same store, with a moment before and after each call. */
function watched<T extends object>(store: T): T {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        moment();
        const result = (await Reflect.apply(value, target, args)) as unknown;
        moment();
        return result;
      };
    },
  });
}

const { project } = loadProject(directoryFiles(run.root));
if (project === undefined) throw new Error('the configuration does not load');
const ports = await deployPorts({ root: run.root, project, environment: process.env });
const { records, journal, locks } = ports;
const watchedPorts = { ...ports, records: watched(records), journal: watched(journal), locks: watched(locks) };
let code = 'done';
try {
  const stack = chaosStack(run.id, run.location);
  const options = { verb: run.destroy ? 'destroy' : 'deploy', signal: new AbortController().signal };
  await deployStacks(
    { ...watchedPorts, sleep: () => Promise.resolve() },
    { project, targets: [{ stack, destroy: run.destroy }] },
    { ...options, confirm: () => Promise.resolve(true), emit: () => undefined, lockTimeoutSeconds: 60 },
  );
} catch (error) {
  code =
    error instanceof TandemError ? error.code : `bug: ${error instanceof Error ? String(error.stack) : String(error)}`;
}
const open = await journal.open().then(
  (operations) => operations.filter((each) => each.stacks.includes(run.id)).length,
  () => -1,
);
await ports.close().catch(() => undefined);
process.stdout.write(`${JSON.stringify({ moments, code, open } satisfies ChaosOutcome)}\n`);
process.exit(0);
