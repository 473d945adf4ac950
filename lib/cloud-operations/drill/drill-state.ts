import type { OperationPorts } from '../../deploy/ports.ts';
import { localJournal } from '../../state/local-journal.ts';
import { localLocks } from '../../state/local-locks.ts';

/** Where operations of a drill keep their journal and locks: in the drill's own folder, since its cloud is nobody's project. */
export function drillState(folder: string): OperationPorts {
  return {
    ...{ journal: localJournal(folder), locks: localLocks(folder), commit: '', now: () => new Date() },
    actor: { by: 'drill', host: 'drill' },
  };
}
