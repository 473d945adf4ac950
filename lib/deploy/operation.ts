import type { TandemError } from '../errors/tandem-error.ts';
import { compareIds, StackId } from '../stack/id.ts';
import { newOperationId, type UnfinishedOperation } from '../state/journal.ts';
import type { HeldLock } from '../state/lock.ts';
import { identifyProcess } from '../state/process.ts';
import { declined } from './errors.ts';
import type { DeployOptions, DeployPorts } from './ports.ts';

/** An operation under way: its stacks are locked and it is in the journal. */
export interface OpenOperation {
  readonly id: string;
  /** Stacks that an earlier operation, or this one before its resume, may have left half made. */
  readonly interrupted: ReadonlySet<StackId>;
  succeed(): Promise<void>;
  declined(): TandemError;
  /** Ends an operation that had no effect yet; one that had stays open, to be resumed. Gives the stacks that are unfinished. */
  fail(error: unknown): Promise<readonly string[]>;
  release(): Promise<void>;
}

/**
 * Locks the stacks in one order, so that two operations never wait for each other, and begins in the journal. Locks come first: an
 * operation in the journal without its locks was interrupted.
 * @throws TandemError `state-locked`
 */
export async function openOperation(
  ports: DeployPorts,
  stacks: readonly StackId[],
  options: DeployOptions,
): Promise<OpenOperation> {
  const id = options.operation?.id ?? newOperationId(ports.now());
  const held: HeldLock[] = [];
  const release = async (): Promise<void> => {
    for (const lock of held.splice(0).reverse()) await lock.release();
  };
  try {
    if (options.locksHeld !== true) await lockAll(ports, stacks, id, options, held);
    const unfinished = (await ports.journal.open()).filter((each) => touches(each, stacks));
    const others = unfinished.filter((each) => each.id !== id);
    for (const operation of others)
      options.emit({
        kind: 'unfinished',
        operation,
        takesOver: operation.stacks.every((each) => stacks.includes(each)),
      });
    const resumes = unfinished.some((each) => each.id === id);
    if (options.operation === undefined) await begin(ports, stacks, id, options);
    options.emit({ kind: 'operation', operation: id, verb: options.verb, stacks, resumes });
    return toOpen(ports, id, stacks, unfinished, options, release);
  } catch (error) {
    await release();
    throw error;
  }
}

function toOpen(
  ports: DeployPorts,
  id: string,
  stacks: readonly StackId[],
  unfinished: readonly UnfinishedOperation[],
  options: DeployOptions,
  release: () => Promise<void>,
): OpenOperation {
  const endedHere = options.operation?.endedByCaller !== true;
  let refused = false;
  return {
    id,
    interrupted: new Set(unfinished.flatMap((each) => begunStacks(each))),
    async succeed() {
      for (const other of unfinished)
        if (other.id !== id && isSuperseded(other, stacks))
          await ports.journal.end(other.id, 'abandoned', `finished by ${id}`);
      if (endedHere) await ports.journal.end(id, 'succeeded');
    },
    declined() {
      refused = true;
      return declined();
    },
    async fail(error) {
      const own = (await ports.journal.open()).find((each) => each.id === id);
      const begun = own === undefined ? [] : begunStacks(own);
      const reason = error instanceof Error ? error.message : String(error);
      if (endedHere && own !== undefined && begun.length === 0 && own.done.length === 0)
        await ports.journal.end(id, refused ? 'abandoned' : 'failed', reason);
      return begun;
    },
    release,
  };
}

/** Whatever has steps besides those of its stacks is finished by its own command alone. */
function isSuperseded(other: UnfinishedOperation, stacks: readonly StackId[]): boolean {
  const foreign = other.begun.filter((key) => !/^(?:apply|destroy) /.test(key));
  return foreign.length === 0 && other.resume === 'deploy' && other.stacks.every((each) => stacks.includes(each));
}

async function lockAll(
  ports: DeployPorts,
  stacks: readonly StackId[],
  operation: string,
  options: DeployOptions,
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
  ports: DeployPorts,
  stacks: readonly StackId[],
  id: string,
  options: DeployOptions,
): Promise<void> {
  const { by } = ports.actor;
  const { verb, resume, arguments: given = {} } = options;
  const operation = { verb, stacks, by, commit: ports.commit, arguments: given };
  await ports.journal.begin(resume === undefined ? operation : { ...operation, resume }, id);
}

function touches(operation: UnfinishedOperation, stacks: readonly StackId[]): boolean {
  return operation.stacks.some((each) => stacks.includes(each));
}

function begunStacks(operation: UnfinishedOperation): StackId[] {
  return operation.begun.flatMap((key): StackId[] => {
    const stack = /^(?:apply|destroy) (\S+)$/.exec(key)?.[1];
    return stack === undefined ? [] : [StackId.parse(stack)];
  });
}
