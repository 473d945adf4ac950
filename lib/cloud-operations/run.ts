import type { RunningOperation } from '../deploy/ports.ts';
import type { InventoryGroup } from '../private-cloud/kolla/inventory.ts';
import type { CloudHosts, CommandResult, HostCommand, KollaPlay, KollaPlays } from '../private-cloud/members/ports.ts';

/** How operations on a cloud run steps, plays and commands. What hosts print may hold secrets: nobody repeats it. */

/** A step of a plan. */
interface Step {
  /** Unique within the plan and stable: what a resume goes by. */
  readonly key: string;
  /** What answers nothing for a while; for the journal. */
  readonly unavailable?: readonly string[];
}

export type OnStep = (key: string, phase: 'start' | 'done' | 'skipped') => void;

/** Runs steps one after the other, behind those that an interrupted run has done. */
export async function runSteps<S extends Step>(
  operation: RunningOperation,
  steps: readonly S[],
  { signal, onStep }: { readonly signal: AbortSignal; readonly onStep: OnStep },
  work: (step: S) => Promise<void>,
): Promise<void> {
  const done = new Set(operation.resumed?.done);
  for (const step of steps) {
    const { key, unavailable } = step;
    if (done.has(key)) {
      onStep(key, 'skipped');
      continue;
    }
    signal.throwIfAborted();
    onStep(key, 'start');
    await operation.step(key, () => work(step), unavailable === undefined ? {} : { detail: { unavailable } });
    onStep(key, 'done');
  }
}

/** Runs a play. Its exit code decides: a task may fail and be meant to. @throws what `failed` makes of why, and of the file with its output */
export async function runPlay(
  plays: KollaPlays,
  play: KollaPlay,
  inventory: readonly InventoryGroup[],
  signal: AbortSignal,
  failed: (why: string, log: string) => Error,
): Promise<void> {
  const { code, faults, log } = await plays.run(play, inventory, signal);
  signal.throwIfAborted();
  if (code === 0) return;
  const [fault] = faults;
  const why =
    fault === undefined ? `kolla-ansible ended with exit code ${code}` : `"${fault.task}" failed on ${fault.host}`;
  throw failed(why, log);
}

/** Runs a command that must end with 0. @throws what `failed` makes of why */
export async function runCommand(
  hosts: CloudHosts,
  command: HostCommand,
  signal: AbortSignal,
  failed: (why: string) => Error,
): Promise<CommandResult> {
  const result = await hosts.run(command, signal);
  signal.throwIfAborted();
  if (result.code === 0) return result;
  const { host, container, argv } = command;
  const where = container === undefined ? host : `${host}, container ${container}`;
  throw failed(`\`${argv.join(' ')}\` on ${where} ended with exit code ${result.code}`);
}
