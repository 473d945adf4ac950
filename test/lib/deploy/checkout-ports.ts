import { localDurations } from '../../../lib/deploy/durations.ts';
import type { DeployPorts } from '../../../lib/deploy/ports.ts';
import { localLineage } from '../../../lib/state/lineage.ts';
import { localJournal } from '../../../lib/state/local-journal.ts';
import { localLocks } from '../../../lib/state/local-locks.ts';
import { localRecords } from '../../../lib/state/local-records.ts';
import { localVersions } from '../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../lib/state/sealer.ts';
import { sealedVersions } from '../../../lib/state/versions.ts';
import { memoryGit } from '../git/memory-git.ts';
import { memoryStates } from '../state/memory-states.ts';
import { type FakeWorld, fakeEngine } from './fake-engine.ts';

/** A checkout with local state in a folder, of the one cloud of a world. */
export function checkoutPorts(world: FakeWorld, root: string, by: string): DeployPorts {
  return {
    engines: { terraform: fakeEngine(world) },
    ...{
      records: localRecords(root),
      journal: localJournal(root),
      locks: localLocks(root),
      lineage: localLineage(root),
      states: memoryStates(),
      versions: sealedVersions(localVersions(root), clearSealer),
    },
    ...{ durations: localDurations(root), git: memoryGit(), synthesize: async () => [] },
    ...{ actor: { by: `ops@${by}`, host: by }, commit: 'c0ffee', now: () => new Date() },
    close: async () => undefined,
    check: async () => ({ code: 0, said: '' }),
    sleep: async () => undefined,
  };
}
