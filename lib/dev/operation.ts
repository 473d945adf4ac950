import type { StackId } from '../stack/id.ts';
import { newOperationId, type UnfinishedOperation } from '../state/journal.ts';
import { identifyProcess } from '../state/process.ts';
import type { DevPorts } from './ports.ts';

/** A running `env` verb: its lock is held, and each step is in the journal before it begins. */
export interface RunningOperation {
  readonly id: string;
  /** What an earlier run of it had finished; undefined where this is the first. */
  readonly resumed: UnfinishedOperation | undefined;
  /** Runs a step that may be repeated safely; the journal has its begin and its end. */
  step<T>(key: string, action: () => Promise<T>): Promise<T>;
}

/** What an `env` verb is, as the journal has it. */
export interface DevWork {
  readonly verb: string;
  readonly stack: StackId;
  readonly inputs: Readonly<Record<string, string | number | boolean | null>>;
  /** The command that goes on with it. */
  readonly resume: string;
}

/**
 * Runs an `env` verb under its stack's lock. A run that was killed left its operation open in the journal: it is resumed.
 * @throws TandemError `state-locked` naming who holds the lock of that stack
 */
export async function runOperation<T>(
  ports: DevPorts,
  { verb, stack, inputs, resume }: DevWork,
  action: (operation: RunningOperation) => Promise<T>,
): Promise<T> {
  const { journal, locks, actor, signal, io } = ports;
  const own = newOperationId(ports.clock.now());
  const lock = await locks.acquire(
    { stack, owner: actor.by, host: actor.host, ...identifyProcess(process.pid), verb, operation: own },
    { signal },
  );
  try {
    const unfinished = (await journal.open()).filter((open) => open.stacks.includes(stack));
    const resumed = unfinished.find((open) => open.verb === verb);
    if (resumed !== undefined) io.progress(`resuming the interrupted operation ${resumed.id}`);
    const commit = (await ports.git.head()) ?? '';
    const begun = { verb, stacks: [stack], by: actor.by, commit, arguments: inputs, resume };
    const id = resumed?.id ?? (await journal.begin(begun, own));
    const step: RunningOperation['step'] = async (key, work) => {
      await journal.intend({ operation: id, key, detail: {} });
      const result = await work();
      await journal.done({ operation: id, key }, null);
      return result;
    };
    const result = await action({ id, resumed, step });
    await journal.end(id, 'succeeded');
    // This run has finished what another verb left half done.
    for (const other of unfinished)
      if (other.id !== id) await journal.end(other.id, 'abandoned', `superseded by ${verb}`);
    return result;
  } finally {
    await lock.release();
  }
}
