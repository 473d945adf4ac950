import { commandLeaseRepository } from '../../dev/lease-commit.ts';
import { enginePlugins } from '../../engines/plugins.ts';
import { TandemError } from '../../errors/tandem-error.ts';
import { isDeadHere } from '../../state/lock.ts';
import type { Check } from './check.ts';

/** What engines miss on this machine, and what their runs left. */
export const enginesCheck: Check = async ({ root, project, environment, ports: { locks, actor } }) => {
  const busy = (await locks.list()).filter((lock) => !isDeadHere(lock, actor.host)).map((lock) => lock.stack);
  const found = enginePlugins().map((plugin) => plugin.diagnose?.({ root, project, environment, busy }));
  return (await Promise.all(found.filter((each) => each !== undefined))).flat();
};

/** Whether a lease could be committed. */
export const gitCheck: Check = async ({ root }) => {
  try {
    await commandLeaseRepository(root).requireReady();
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    // A merge that is under way is somebody's work, not a fault.
    if (error.code !== 'no-git-identity') return [];
    const next = 'set it with `git config user.name "NAME"` and `git config user.email ADDRESS`';
    return [{ check: error.code, text: error.message, next }];
  }
  return [];
};
