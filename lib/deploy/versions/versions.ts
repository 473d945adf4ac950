import type { StackId } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import { stateFacts } from '../../state/states.ts';
import type { Snapshot, VersionInfo } from '../../state/versions.ts';
import { engineOf } from '../engine-of.ts';
import type { DeployOptions, DeployPorts, Target } from '../ports.ts';
import { stateLost } from './errors.ts';

type VersionPorts = Pick<DeployPorts, 'engines' | 'records' | 'versions' | 'actor' | 'now'>;

/** State and record of a stack as they are. */
export async function snapshotOf(ports: VersionPorts, stack: SynthesizedStack): Promise<Snapshot> {
  const state = (await ports.engines[stack.engine]?.readState?.(stack)) ?? null;
  return { state, record: (await ports.records.read(stack.id)) ?? null };
}

/** Keeps state and record of a stack as a version, where they differ from the newest one. */
export async function keepVersion(
  ports: VersionPorts,
  stack: SynthesizedStack,
  note: Pick<VersionInfo, 'operation' | 'moment'>,
): Promise<void> {
  const snapshot = await snapshotOf(ports, stack);
  if (snapshot.state === null && snapshot.record === null && (await ports.versions.newest(stack.id)) === undefined)
    return;
  await ports.versions.keep(stack.id, snapshot, { ...note, at: ports.now(), by: ports.actor.by });
}

/** How what is kept of a stack stands to what was kept after the last operation on it. */
export type StateStanding = 'whole' | 'shrunk';

/**
 * Requires that a state is not lost, so that nothing is made twice: what a state does not name, a plan creates.
 * @param isInterrupted an operation of ours may have changed the state without a version
 * @returns `shrunk` where the state lacks resources that the last version has: they are looked for in the cloud
 * @throws TandemError `state-lost` where it is missing, empty, of another lineage, or older
 */
export async function requireState(
  ports: VersionPorts,
  stack: SynthesizedStack,
  isInterrupted: boolean,
): Promise<StateStanding> {
  const text = await engineOf(ports, stack).readState?.(stack);
  if (text === undefined) return 'whole';
  const last = await ports.versions.newest(stack.id);
  const facts = stateFacts(text);
  const lost = (why: string): Error => stateLost(stack.id, why, last);
  if (last === undefined || last.resources === 0) {
    const isRecorded = last === undefined && (await ports.records.read(stack.id)) !== undefined;
    if (isRecorded && facts === undefined) throw lost(text === null ? 'is missing' : 'cannot be read');
    return 'whole';
  }
  if (facts === undefined) {
    // Cut off in the middle of a write by whatever interrupted the run: what came after the last version is looked for.
    if (isInterrupted && text !== null && (await putBack(ports, stack, last.id))) return 'shrunk';
    throw lost(text === null ? 'is missing' : 'cannot be read');
  }
  if (facts.lineage !== last.lineage) throw lost(`is another one, of lineage ${facts.lineage}`);
  if (facts.serial < last.serial) throw lost(`is older, serial ${facts.serial}`);
  // A run that was interrupted may have removed all of it on purpose, or is about to find it.
  if (isInterrupted || facts.serial === last.serial) return 'whole';
  if (facts.addresses.length === 0) throw lost('names no resource any more');
  return (await missingOf(ports, stack.id, last.id, facts.addresses)) ? 'shrunk' : 'whole';
}

async function putBack(ports: VersionPorts, stack: SynthesizedStack, version: string): Promise<boolean> {
  const text = (await ports.versions.read(stack.id, version))?.state;
  if (typeof text === 'string') await engineOf(ports, stack).writeState?.(stack, text);
  return typeof text === 'string';
}

/** Whether a version has resources that a state has no longer. */
async function missingOf(
  { versions }: Pick<DeployPorts, 'versions'>,
  stack: StackId,
  version: string,
  addresses: readonly string[],
): Promise<boolean> {
  const before = stateFacts((await versions.read(stack, version))?.state)?.addresses ?? [];
  const now = new Set(addresses);
  return before.some((address) => !now.has(address));
}

/** Stacks whose state lacks what it named after the last operation. @throws TandemError `state-lost` */
export async function shrunkOf(
  ports: DeployPorts,
  targets: readonly Target[],
  interrupted: ReadonlySet<StackId>,
  { recreate }: Pick<DeployOptions, 'recreate'>,
): Promise<StackId[]> {
  const asked = targets.map(async ({ stack }) => {
    const isTold = recreate?.has(stack.id) === true;
    return isTold || (await requireState(ports, stack, interrupted.has(stack.id))) === 'whole' ? [] : [stack.id];
  });
  return (await Promise.all(asked)).flat();
}
