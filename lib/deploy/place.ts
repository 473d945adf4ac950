import { recordedTarget } from '../engines/recorded-target.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { isSamePlace, mayBeSamePlace, type StackTarget } from '../stack/target.ts';
import type { StackRecord } from '../state/record.ts';
import { engineOf } from './engine-of.ts';
import { targetChanged } from './errors.ts';
import type { DeployPorts, Target } from './ports.ts';

type PlacePorts = Pick<DeployPorts, 'engines' | 'lineage' | 'records'>;

/** A stack that is elsewhere than where it goes. */
export interface Moved {
  readonly stack: SynthesizedStack;
  readonly record: StackRecord;
  readonly from: StackTarget;
}

/**
 * Where a stack is, if that is another place than where it goes. A cloud that answers at another address is known by the mark that it has
 * of us: it is asked, so whoever we are there is checked before.
 */
export async function movedStack(
  ports: PlacePorts,
  stack: SynthesizedStack,
  signal: AbortSignal,
): Promise<Moved | undefined> {
  const record = await ports.records.read(stack.id);
  if (record === undefined) return undefined;
  const from = recordedTarget(record);
  if (isSamePlace(from, stack.target)) return undefined;
  if (mayBeSamePlace(from, stack.target) && (await isOurs(ports, stack, signal))) return undefined;
  return { stack, record, from };
}

async function isOurs(ports: PlacePorts, stack: SynthesizedStack, signal: AbortSignal): Promise<boolean> {
  const [own, mark] = await Promise.all([ports.lineage.read(), engineOf(ports, stack).lineageOf?.(stack, signal)]);
  return own !== undefined && mark?.lineage === own.id;
}

/** @throws TandemError `target-changed` where any stack is elsewhere than where it goes */
export async function requirePlace(
  ports: PlacePorts,
  targets: readonly Pick<Target, 'stack'>[],
  signal: AbortSignal,
): Promise<void> {
  const found = await Promise.all(targets.map(({ stack }) => movedStack(ports, stack, signal)));
  const moved = found.filter((each) => each !== undefined);
  if (moved.length === 0) return;
  throw targetChanged(
    moved.map(({ stack, record, from }) => ({
      ...{ stack: stack.id, from, to: stack.target, commit: record.commit },
      file: record.files[0] ?? 'the configuration',
    })),
  );
}
