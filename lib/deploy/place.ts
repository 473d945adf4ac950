import { recordedTarget } from '../engines/recorded-target.ts';
import type { StackId } from '../stack/id.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { isSamePlace, mayBeSamePlace, type StackTarget } from '../stack/target.ts';
import type { StackRecord } from '../state/record.ts';
import { engineOf } from './engine-of.ts';
import { targetChanged } from './errors.ts';
import type { DeployPorts, Target } from './ports.ts';

type PlacePorts = Pick<DeployPorts, 'engines' | 'lineage' | 'records' | 'versions'>;

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

/** Whether the cloud has a mark of ours for what is there now, and not for what was left behind there before. */
async function isOurs(ports: PlacePorts, stack: SynthesizedStack, signal: AbortSignal): Promise<boolean> {
  const [own, mark] = await Promise.all([ports.lineage.read(), engineOf(ports, stack).lineageOf?.(stack, signal)]);
  if (own === undefined || mark?.lineage !== own.id) return false;
  for (const { stack: id, id: version } of await ports.versions.left()) {
    const record = id === stack.id ? (await ports.versions.read(id, version))?.record : undefined;
    if (record !== undefined && record !== null && isSamePlace(recordedTarget(record), stack.target)) return false;
  }
  return true;
}

/**
 * Stacks that are elsewhere than where they go, and may be left there.
 * @param mayLeave those that the operator names
 * @throws TandemError `target-changed` where any other is
 */
export async function requirePlace(
  ports: PlacePorts,
  targets: readonly Pick<Target, 'stack'>[],
  signal: AbortSignal,
  mayLeave: ReadonlySet<StackId> = new Set(),
): Promise<readonly Moved[]> {
  const found = await Promise.all(targets.map(({ stack }) => movedStack(ports, stack, signal)));
  const moved = found.filter((each) => each !== undefined);
  const refused = moved.filter(({ stack }) => !mayLeave.has(stack.id));
  if (refused.length === 0) return moved;
  throw targetChanged(
    refused.map(({ stack, record, from }) => ({
      ...{ stack: stack.id, from, to: stack.target, commit: record.commit },
      file: record.files[0] ?? 'the configuration',
    })),
  );
}
