import type { StackId } from '../stack/id.ts';
import type { Journal, UnfinishedOperation } from '../state/journal.ts';
import { isDeadHere, type Lock, type LockStore } from '../state/lock.ts';
import type { FleetCloud, GroupProcess } from './cloud.ts';
import { grantedWhenever } from './effects.ts';
import type { FleetPorts } from './ports.ts';
import { replay } from './track.ts';

/** Processes of a group that an operation suspended, and has not given back. */
export interface Suspension {
  readonly operation: Pick<UnfinishedOperation, 'id' | 'verb' | 'by' | 'resume'>;
  readonly processes: readonly GroupProcess[];
  /** It promised to give them back, or to say so anew, until then, in milliseconds since 1970. @default - it was begun by an earlier version */
  readonly until: number | undefined;
  /** It was killed, or its host is asleep: nobody gives them back. */
  readonly isLeft: boolean;
}

/** An operation on machines, and no deploy. */
export function isFleetOperation({ verb }: Pick<UnfinishedOperation, 'verb'>): boolean {
  return verb.startsWith('fleet ');
}

/** What unfinished operations on a cluster's stack suspended, as the journal tells it; whether it still is, the group says. */
export async function suspensionsOf(
  { journal, locks }: { readonly journal: Journal; readonly locks: Pick<LockStore, 'read'> },
  stack: StackId,
  { now, host }: { readonly now: number; readonly host: string },
): Promise<readonly Suspension[]> {
  const open = (await journal.open()).filter((each) => isFleetOperation(each) && each.stacks.includes(stack));
  if (open.length === 0) return [];
  const lock = await locks.read(stack);
  return await Promise.all(
    open.map(async (operation) => {
      const { suspended: processes, suspendedUntil: until } = replay(await journal.entries(operation.id));
      return { operation, processes, until, isLeft: !isAtWork(operation.id, lock, host) || now > (until ?? now) };
    }),
  ).then((all) => all.filter(({ processes }) => processes.length > 0));
}

/** A process that was killed on another host keeps its lock: then only the deadline tells. */
function isAtWork(operation: string, lock: Lock | undefined, host: string): boolean {
  return lock?.operation === operation && !isDeadHere(lock, host);
}

/** What was left, and still is suspended. */
export function leftIn(suspensions: readonly Suspension[], suspended: readonly string[]): readonly GroupProcess[] {
  const left = new Set(suspensions.flatMap(({ isLeft, processes }) => (isLeft ? processes : [])));
  for (const { isLeft, processes } of suspensions) if (!isLeft) for (const each of processes) left.delete(each);
  return [...left].filter((each) => suspended.includes(each));
}

/**
 * Gives back what operations left suspended, in place of whoever was to. Their journals stay open: who goes on with one suspends again
 * what it needs. Gives the processes.
 */
export async function giveBackLeft(
  ports: Pick<FleetPorts, 'journal' | 'locks' | 'ledger' | 'clock' | 'actor'> & {
    readonly cloud: Pick<FleetCloud, 'resume'>;
  },
  stack: StackId,
  suspended: readonly string[],
): Promise<readonly GroupProcess[]> {
  if (suspended.length === 0) return [];
  const { cloud, clock, actor } = ports;
  const left = leftIn(await suspensionsOf(ports, stack, { now: clock.now(), host: actor.host }), suspended);
  if (left.length > 0) await grantedWhenever(ports, 'ResumeProcesses', () => cloud.resume(left));
  return left;
}
