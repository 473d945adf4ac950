import type { StackId } from '../stack/id.ts';
import { matcherOf } from '../stack/select.ts';
import type { Broken } from '../state/broken.ts';
import type { Lock } from '../state/lock.ts';
import type { DeployPorts } from './ports.ts';

/** A stack's lock: who holds it, or why nobody can say. */
export type NamedLock = { readonly stack: string } & ({ readonly lock: Lock } | { readonly broken: Broken });

/** The lock that a stack's id or short name means, also one that cannot be read; undefined where nobody holds one. */
export async function lockNamed(
  { locks }: { readonly locks: Pick<DeployPorts['locks'], 'list' | 'broken'> },
  name: string,
): Promise<NamedLock | undefined> {
  const all: NamedLock[] = [
    ...(await locks.list()).map((lock) => ({ stack: lock.stack, lock })),
    ...(await locks.broken()).map((broken) => ({ stack: broken.name, broken })),
  ];
  const isMeant = matcherOf(name);
  return all.find(({ stack }) => stack === name) ?? all.find(({ stack }) => isMeant(stack as StackId));
}
