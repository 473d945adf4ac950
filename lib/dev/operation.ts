import { runOperation } from '../deploy/operation.ts';
import type { DeployEvent, RunningOperation } from '../deploy/ports.ts';
import type { TandemError } from '../errors/tandem-error.ts';
import type { StackId } from '../stack/id.ts';
import type { UnfinishedOperation } from '../state/journal.ts';
import type { DevPorts } from './ports.ts';

/** What an `env` verb is, as the journal has it. */
export interface DevWork {
  readonly verb: string;
  readonly stack: StackId;
  readonly inputs: Readonly<Record<string, string | number | boolean | null>>;
  /** The command that goes on with it. */
  readonly resume: string;
  /** Verbs whose interrupted operation it goes on with. @default - its own */
  readonly continues?: readonly string[];
  /** Why it must not begin while another operation on the stack is unfinished. @default - it may */
  readonly refuses?: (open: UnfinishedOperation) => TandemError | undefined;
}

/**
 * Runs an `env` verb as an operation on its stack; the verb run again resumes it.
 * @throws TandemError `state-locked` naming who holds the lock of that stack
 */
export async function runVerb<T>(
  ports: DevPorts,
  { verb, stack, inputs, resume, continues = [verb], refuses }: DevWork,
  work: (operation: RunningOperation) => Promise<T>,
): Promise<T> {
  const { actor, clock, git, io, journal, locks, signal } = ports;
  const commit = (await git.head()) ?? '';
  const options = {
    ...{ verb, signal, arguments: inputs, resume, staysOpen: true, supersedesAll: true },
    resumes: (open: UnfinishedOperation) => continues.includes(open.verb),
    ...(refuses === undefined ? {} : { refuses }),
    emit: (event: DeployEvent) => {
      if (event.kind === 'operation' && event.resumes)
        io.progress(`resuming the interrupted operation ${event.operation}`);
    },
  };
  return await runOperation({ actor, journal, locks, commit, now: () => clock.now() }, [stack], options, work);
}
