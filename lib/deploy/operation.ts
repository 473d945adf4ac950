import type { TandemError } from '../errors/tandem-error.ts';
import { compareIds, StackId } from '../stack/id.ts';
import { newOperationId, type UnfinishedOperation } from '../state/journal.ts';
import type { HeldLock } from '../state/lock.ts';
import { identifyProcess } from '../state/process.ts';
import { declined, interrupted } from './errors.ts';
import type { OperationOptions, OperationPorts } from './ports.ts';

/** An operation under way: its stacks are locked and it is in the journal. */
export interface RunningOperation {
  readonly id: string;
  /** What an earlier run of it had finished; undefined where this is the first. */
  readonly resumed: UnfinishedOperation | undefined;
  /** Stacks that an earlier operation, or this one before its resume, may have left half made. */
  readonly interrupted: ReadonlySet<StackId>;
  /** Runs a step that may be repeated safely: it is in the journal before it begins, and marked done after it. */
  step<T>(key: string, work: () => Promise<T>, notes?: StepNotes): Promise<T>;
  declined(): TandemError;
}

/** What the journal says of a step besides its key. Never a secret. */
export interface StepNotes {
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Asked after the step. */
  readonly result?: () => unknown;
}

/** The ends of an operation, for who runs it. */
interface OpenOperation extends RunningOperation {
  succeed(): Promise<void>;
  /** Ends an operation that had no effect yet; one that had stays open, to be resumed. Gives the stacks that are unfinished. */
  fail(error: unknown): Promise<readonly string[]>;
  release(): Promise<void>;
}

/**
 * Runs work as an operation on stacks: locked, in the journal, resumed where it was interrupted, and ended by how the work ends.
 * @throws TandemError `state-locked`, `interrupted`, and what the work throws
 */
export async function runOperation<T>(
  ports: OperationPorts,
  stacks: readonly StackId[],
  options: OperationOptions,
  work: (operation: RunningOperation) => Promise<T>,
): Promise<T> {
  const operation = await openOperation(ports, stacks, options);
  try {
    const result = await work(operation);
    await operation.succeed();
    return result;
  } catch (error) {
    if (options.staysOpen === true) throw error;
    const unfinished = await operation.fail(error);
    if (options.signal.aborted && unfinished.length > 0) throw interrupted(operation.id, unfinished);
    throw error;
  } finally {
    await operation.release();
  }
}

/**
 * Locks the stacks in one order, so that two operations never wait for each other, and begins in the journal. Locks come first: an
 * operation in the journal without its locks was interrupted.
 */
async function openOperation(
  ports: OperationPorts,
  stacks: readonly StackId[],
  options: OperationOptions,
): Promise<OpenOperation> {
  const own = options.operation?.id ?? newOperationId(ports.now());
  const held: HeldLock[] = [];
  const release = async (): Promise<void> => {
    for (const lock of held.splice(0).reverse()) await lock.release();
  };
  try {
    if (options.locksHeld !== true) await lockAll(ports, stacks, own, options, held);
    const unfinished = (await ports.journal.open()).filter((each) => touches(each, stacks));
    const resumed = unfinished.find((each) => each.id === own || options.resumes?.(each) === true);
    const id = resumed?.id ?? own;
    const refusal = unfinished.map((each) => (each.id === id ? undefined : options.refuses?.(each))).find(Boolean);
    if (refusal !== undefined) throw refusal;
    for (const operation of unfinished.filter((each) => each.id !== id))
      options.emit({
        kind: 'unfinished',
        operation,
        takesOver: operation.stacks.every((each) => stacks.includes(each)),
      });
    if (options.operation === undefined && resumed === undefined) await begin(ports, stacks, id, options);
    options.emit({ kind: 'operation', operation: id, verb: options.verb, stacks, resumes: resumed !== undefined });
    return { ...toOpen(ports, id, stacks, unfinished, options), resumed, release };
  } catch (error) {
    await release();
    throw error;
  }
}

function toOpen(
  { journal }: OperationPorts,
  id: string,
  stacks: readonly StackId[],
  unfinished: readonly UnfinishedOperation[],
  { operation, supersedesAll = false, verb }: OperationOptions,
): Omit<OpenOperation, 'resumed' | 'release'> {
  const endedHere = operation?.endedByCaller !== true;
  const reason = supersedesAll ? `superseded by ${verb}` : `finished by ${id}`;
  let refused = false;
  return {
    id,
    interrupted: new Set(unfinished.flatMap((each) => stacksBegunBy(each))),
    async step(key, work, { detail = {}, result } = {}) {
      await journal.intend({ operation: id, key, detail });
      const value = await work();
      await journal.done({ operation: id, key }, result?.() ?? null);
      return value;
    },
    async succeed() {
      for (const other of unfinished)
        if (other.id !== id && (supersedesAll || isSuperseded(other, stacks)))
          await journal.end(other.id, 'abandoned', reason);
      if (endedHere) await journal.end(id, 'succeeded');
    },
    declined() {
      refused = true;
      return declined();
    },
    async fail(error) {
      const own = (await journal.open()).find((each) => each.id === id);
      const begun = own === undefined ? [] : stacksBegunBy(own);
      const message = error instanceof Error ? error.message : String(error);
      if (endedHere && own !== undefined && begun.length === 0 && own.done.length === 0)
        await journal.end(id, refused ? 'abandoned' : 'failed', message);
      return begun;
    },
  };
}

/** Whatever has steps besides those of its stacks is finished by its own command alone. */
function isSuperseded(other: UnfinishedOperation, stacks: readonly StackId[]): boolean {
  const foreign = other.begun.filter((key) => !/^(?:apply|destroy) /.test(key));
  return foreign.length === 0 && other.resume === 'deploy' && other.stacks.every((each) => stacks.includes(each));
}

async function lockAll(
  ports: OperationPorts,
  stacks: readonly StackId[],
  operation: string,
  options: OperationOptions,
  held: HeldLock[],
): Promise<void> {
  const { by: owner, host } = ports.actor;
  for (const stack of [...stacks].sort(compareIds)) {
    const request = { stack, owner, host, ...identifyProcess(process.pid), verb: options.verb, operation };
    const { signal, lockTimeoutSeconds: waitSeconds = 0 } = options;
    held.push(
      await ports.locks.acquire(request, {
        ...{ signal, waitSeconds },
        onWait: (holder) => options.emit({ kind: 'waiting-for-lock', holder }),
      }),
    );
  }
}

async function begin(
  ports: OperationPorts,
  stacks: readonly StackId[],
  id: string,
  options: OperationOptions,
): Promise<void> {
  const { by } = ports.actor;
  const { verb, resume, arguments: given = {} } = options;
  const operation = { verb, stacks, by, commit: ports.commit, arguments: given };
  await ports.journal.begin(resume === undefined ? operation : { ...operation, resume }, id);
}

function touches(operation: UnfinishedOperation, stacks: readonly StackId[]): boolean {
  return operation.stacks.some((each) => stacks.includes(each));
}

/** Stacks that an operation began to change and did not finish. */
export function stacksBegunBy(operation: UnfinishedOperation): StackId[] {
  return operation.begun.flatMap((key): StackId[] => {
    const stack = /^(?:apply|destroy) (\S+)$/.exec(key)?.[1];
    return stack === undefined ? [] : [StackId.parse(stack)];
  });
}
