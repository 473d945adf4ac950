import { selectIds } from '../stack/select.ts';
import type { Lock } from '../state/lock.ts';
import type { DeployPorts } from './ports.ts';

/** The lock that a stack's id or short name means; undefined where nobody holds one. */
export async function lockNamed({ locks }: Pick<DeployPorts, 'locks'>, name: string): Promise<Lock | undefined> {
  const held = await locks.list();
  const exact = held.find((lock) => lock.stack === name);
  if (exact !== undefined || held.length === 0) return exact;
  try {
    const [id] = selectIds(
      held.map((lock) => lock.stack),
      [name],
    );
    return held.find((lock) => lock.stack === id);
  } catch {
    return undefined;
  }
}
