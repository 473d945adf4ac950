import { type Mark, ownMark } from '../engines/lineage.ts';
import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { assertIdentities, engineOf } from './engine-of.ts';
import { foreignStack, nothingToAdopt } from './errors.ts';
import { askLineage } from './lineage.ts';
import { runOperation } from './operation.ts';
import type { DeployPorts, OperationOptions } from './ports.ts';

export interface AdoptOptions extends Pick<OperationOptions, 'signal' | 'emit' | 'lockTimeoutSeconds'> {
  /** Whether this very mark is taken over; throws where nobody can say. */
  readonly confirm: (mark: Mark) => Promise<boolean>;
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
 * @throws TandemError `nothing-to-adopt`, `declined`, `foreign-stack` where somebody else took it meanwhile
 */
export async function adoptStack(
  ports: DeployPorts,
  stack: SynthesizedStack,
  { confirm, ...options }: AdoptOptions,
): Promise<Adopted> {
  await assertIdentities(ports, [stack], options.signal);
  return await runOperation(ports, [stack.id], { ...options, verb: 'adopt' }, async (operation) => {
    const { kind, mark, record } = await askLineage(ports, stack, operation.interrupted, options.signal);
    if (mark === undefined) throw nothingToAdopt(stack.id);
    const own = await ownMark(ports.lineage, ports.actor.by);
    if (kind !== 'foreign') return { stack: stack.id, from: null, lineage: own.lineage };
    if (!(await confirm(mark))) throw operation.declined();
    await operation.step(`adopt ${stack.id}`, async () => {
      const now = await engineOf(ports, stack).mark?.(stack, own, { signal: options.signal, instead: mark });
      if (now?.lineage !== own.lineage) throw foreignStack(stack.id, now ?? mark, record);
    });
    return { stack: stack.id, from: mark, lineage: own.lineage };
  });
}
