import { messageOf } from '../errors/tandem-error.ts';
import { systemFault } from '../fs/fault.ts';
import { compareIds, type StackId } from '../stack/id.ts';
import { newOperationId, type UnfinishedOperation } from '../state/journal.ts';
import type { HeldLock } from '../state/lock.ts';
import { identifyProcess } from '../state/process.ts';
import { declined } from './errors.ts';
import { explainFailure } from './explain-failure.ts';
import type { OperationOptions, OperationPorts, RunningOperation } from './ports.ts';
import { Progress, stackOf } from './progress.ts';

/** The ends of an operation, for who runs it. */
interface OpenOperation extends RunningOperation {
  succeed(): Promise<void>;
  /** Ends an operation that had no effect yet; one that had stays open, to be resumed. */
  fail(error: unknown): Promise<void>;
  release(): Promise<void>;
}

/**
 * Runs work as an operation on stacks: locked, in the journal, resumed where it was interrupted, and ended by how the work ends. Where it
 * fails, its error says what was begun, and how to go on.
 * @throws TandemError `state-locked`, `lock-lost`, `interrupted`, and what the work throws
 */
export async function runOperation<T>(
  ports: OperationPorts,
  stacks: readonly StackId[],
  options: OperationOptions,
  work: (operation: RunningOperation) => Promise<T>,
): Promise<T> {
  const { within } = options;
  const operation =
    within === undefined ? await openOperation(ports, stacks, options) : joinOperation(ports, within, options);
  try {
    const result = await work(operation);
    await operation.succeed();
    return result;
  } catch (thrown) {
    const error = systemFault(thrown);
    await operation.fail(error);
    // Whoever began the operation knows all of it.
    throw within === undefined ? explainFailure(error, operation, options) : error;
  } finally {
    await operation.release();
  }
}

/** Of an operation that the same command goes on with, and no other: its verb, with what follows it on the command line. */
export function resumedByCommand(verb: string, words = ''): Pick<OperationOptions, 'verb' | 'resume' | 'resumes'> {
  const resume = `tandem ${verb} ${words}`.trimEnd();
  return { verb, resume, resumes: (open) => open.resume === resume };
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
  const own = options.resumesId ?? newOperationId(ports.now());
  const held: HeldLock[] = [];
  const release = () => releaseAll(held, options);
  try {
    await lockAll(ports, stacks, own, options, held);
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
    if (options.resumesId === undefined && resumed === undefined) await begin(ports, stacks, id, options);
    options.emit({ kind: 'operation', operation: id, verb: options.verb, stacks, resumes: resumed !== undefined });
    const parts = { id, locks: held, progress: new Progress(resumed), resumed };
    const interrupted = new Set(unfinished.flatMap((each) => new Progress(each).unfinishedStacks));
    const running = { ...parts, interrupted, ...stepsOf(ports, parts) };
    return { ...running, ...endsOf(ports, running, stacks, unfinished, options), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Work within an operation whose caller keeps its locks and ends it. */
function joinOperation(ports: OperationPorts, within: RunningOperation, options: OperationOptions): OpenOperation {
  const { id, resumed } = within;
  const stacks = within.locks.map((lock) => lock.stack as StackId);
  options.emit({ kind: 'operation', operation: id, verb: options.verb, stacks, resumes: resumed !== undefined });
  const nothing = () => Promise.resolve();
  const steps = stepsOf(ports, within);
  const actAs: RunningOperation['actAs'] = (identities) => {
    steps.actAs(identities);
    within.actAs(identities);
  };
  return { ...within, ...steps, actAs, succeed: nothing, fail: nothing, release: nothing };
}

type Parts = Pick<RunningOperation, 'id' | 'locks' | 'progress'>;

function stepsOf(
  { journal }: OperationPorts,
  { id, locks, progress }: Parts,
): Pick<RunningOperation, 'step' | 'actAs' | 'assertHeld' | 'declined'> {
  const acting = new Map<StackId, string>();
  /** Those of the stack that a step is about, else all. */
  const locksOf = (stack: StackId | undefined): readonly HeldLock[] => {
    const own = locks.filter((lock) => lock.stack === stack);
    return own.length > 0 ? own : locks;
  };
  return {
    async step(key, work, { detail = {}, result } = {}) {
      const under = locksOf(stackOf(key));
      const isNew = progress.begin(key);
      try {
        const as = acting.get(stackOf(key) ?? ('' as StackId));
        await journal.intend(
          { operation: id, key, detail, as: as === undefined ? [...new Set(acting.values())] : [as] },
          under,
        );
      } catch (error) {
        if (isNew) progress.forget(key);
        throw error;
      }
      const value = await work();
      await journal.done({ operation: id, key }, result?.() ?? null, under);
      progress.finish(key);
      return value;
    },
    actAs(identities) {
      for (const [stack, identity] of identities) acting.set(stack, identity);
    },
    async assertHeld(stack) {
      await Promise.all(locksOf(stack).map((lock) => lock.assertHeld()));
    },
    declined() {
      progress.refused = true;
      return declined();
    },
  };
}

function endsOf(
  { journal }: OperationPorts,
  { id, locks, progress }: Parts,
  stacks: readonly StackId[],
  unfinished: readonly UnfinishedOperation[],
  { supersedesAll = false, staysOpen = false, verb }: OperationOptions,
): Pick<OpenOperation, 'succeed' | 'fail'> {
  const reason = supersedesAll ? `superseded by ${verb}` : `finished by ${id}`;
  return {
    async succeed() {
      for (const other of unfinished)
        if (other.id !== id && (supersedesAll || isSuperseded(other, stacks)))
          await journal.end(other.id, 'abandoned', reason, locks);
      await journal.end(id, 'succeeded', '', locks);
    },
    async fail(error) {
      if (staysOpen || progress.done.length > 0 || progress.unfinishedStacks.length > 0) return;
      try {
        await journal.end(id, progress.refused ? 'abandoned' : 'failed', messageOf(error), locks);
      } catch {
        // The error that the work ended with is what people need; the operation stays open, and the next one on its stacks ends it.
      }
    },
  };
}

/** Whatever has steps besides those of its stacks is finished by its own command alone. */
function isSuperseded(other: UnfinishedOperation, stacks: readonly StackId[]): boolean {
  const foreign = other.begun.filter((key) => stackOf(key) === undefined);
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
    const request = { stack, owner, host, ...identifyProcess(), verb: options.verb, operation };
    const { signal, lockTimeoutSeconds: waitSeconds = 0 } = options;
    held.push(
      await ports.locks.acquire(request, {
        ...{ signal, waitSeconds },
        onWait: (holder) => options.emit({ kind: 'waiting-for-lock', holder }),
      }),
    );
  }
}

/** How the work ended stands, whatever becomes of its locks: one that stays is said, and taken over once this process has ended. */
async function releaseAll(held: HeldLock[], { emit }: OperationOptions): Promise<void> {
  for (const lock of held.splice(0).reverse()) {
    try {
      await lock.release();
    } catch (error) {
      const text = `its lock could not be released (${messageOf(error)}); \`tandem unlock ${lock.stack}\` does it`;
      emit({ kind: 'message', stack: lock.stack as StackId, level: 'warn', text });
    }
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
