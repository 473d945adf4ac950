import { type Mark, ownMark } from '../../engines/lineage.ts';
import type { Action } from '../../plan/model.ts';
import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { assertIdentities, engineOf } from '../engine-of.ts';
import { takesMissing } from '../errors.ts';
import { runOperation } from '../operation.ts';
import { type DeployPorts, type OperationOptions, RESOURCES_AT_ONCE } from '../ports.ts';
import { withGiven } from '../takes.ts';
import { adoptWouldReplace, foreignStack, nothingToAdopt } from './errors.ts';
import { askLineage } from './lineage.ts';

export interface AdoptOptions extends Pick<OperationOptions, 'signal' | 'emit' | 'lockTimeoutSeconds'> {
  /** Whether this very mark is taken over; throws where nobody can say. */
  readonly confirm: (mark: Mark) => Promise<boolean>;
  /** Takes over even what the next plan would replace or delete. @default false */
  readonly allowReplace?: boolean;
}

export interface Adopted {
  readonly stack: StackId;
  /** The mark that was taken over; null where the stack was ours already. */
  readonly from: Mark | null;
  /** Id of the lineage that it belongs to now. */
  readonly lineage: string;
}

/**
 * Takes a stack over from another state, or from nobody: its mark is ours afterwards, and the next plan imports what is there. The other
 * state is refused from then on.
 * @throws TandemError `nothing-to-adopt`, `adopt-would-replace`, `declined`, `foreign-stack` where somebody else took it meanwhile
 */
export async function adoptStack(
  ports: DeployPorts,
  stack: SynthesizedStack,
  { confirm, allowReplace = false, ...options }: AdoptOptions,
): Promise<Adopted> {
  const identities = await assertIdentities(ports, [stack], options.signal);
  return await runOperation(ports, [stack.id], { ...options, verb: 'adopt' }, async (operation) => {
    operation.actAs(identities);
    const { kind, mark, record } = await askLineage(ports, stack, operation.interrupted, options.signal);
    if (mark === undefined) throw nothingToAdopt(stack.id);
    const own = await ownMark(ports.lineage, ports.actor.by);
    if (kind !== 'foreign') return { stack: stack.id, from: null, lineage: own.lineage };
    if (!allowReplace) await requireKept(ports, stack, mark, options);
    if (!(await confirm(mark))) throw operation.declined();
    await operation.step(`adopt ${stack.id}`, async () => {
      const now = await engineOf(ports, stack).mark?.(stack, own, { signal: options.signal, instead: mark });
      if (now?.lineage !== own.lineage) throw foreignStack(stack.id, now ?? mark, record);
    });
    return { stack: stack.id, from: mark, lineage: own.lineage };
  });
}

/** What takes away what is there, or its content. */
const TAKING: ReadonlySet<Action> = new Set(['replace', 'delete', 'interrupt']);

/**
 * An import reads back what the cloud tells, and that is not all that a resource was made from: user data, images' files, ports of
 * servers. What differs so is made anew by the next plan, which is found out before anybody is locked out. Where the state is in the
 * cloud itself, nothing is imported.
 */
async function requireKept(
  ports: DeployPorts,
  stack: SynthesizedStack,
  mark: Mark,
  { signal, emit }: Pick<AdoptOptions, 'signal' | 'emit'>,
): Promise<void> {
  const engine = engineOf(ports, stack);
  if ((await engine.readState?.(stack)) === undefined) return;
  const options = { destroy: false, adopt: true, readOnly: true, parallelism: RESOURCES_AT_ONCE, signal, emit };
  const given = await withGiven(ports, { stack, destroy: false }, signal);
  if (given === undefined) throw takesMissing(stack);
  const frozen = await engine.plan(given, options);
  await engine.discard(frozen);
  const taken = frozen.plan.changes.filter(({ action }) => TAKING.has(action));
  if (taken.length > 0) throw adoptWouldReplace(stack.id, mark, taken);
}
