import { describeTarget } from '../stack/target.ts';
import { abandonStack } from './abandon.ts';
import type { Moved } from './place.ts';
import type { DeployOptions, DeployPorts, RunningOperation } from './ports.ts';
import { keepVersion, snapshotOf } from './versions/versions.ts';

/**
 * Lets go of a stack that stays where it is, so that it can be made elsewhere: its record and state are kept as a version that nothing
 * removes, and are empty from then on. No cloud is asked. Safe to repeat.
 */
export async function leaveBehind(
  ports: DeployPorts,
  { stack, record, from }: Moved,
  operation: Pick<RunningOperation, 'id' | 'step'>,
  { emit }: Pick<DeployOptions, 'emit'>,
): Promise<void> {
  const { id } = stack;
  await operation.step(
    `leave ${id}`,
    async () => {
      if (!(await isKept(ports, record))) {
        const note = { by: ports.actor.by, at: ports.now(), operation: operation.id, isLeft: true };
        const moment = `left behind in ${describeTarget(from)}`;
        await ports.versions.keep(id, await snapshotOf(ports, stack), { ...note, moment });
      }
      await abandonStack(ports, id);
      await keepVersion(ports, stack, { operation: operation.id, moment: 'after it was left behind' });
    },
    { detail: { from, commit: record.commit } },
  );
  const text = `what it has in ${describeTarget(from)} stays there, and nothing but a version tells of it: \`tandem state list ${id}\``;
  emit({ kind: 'message', stack: id, level: 'warn', text });
}

/** Whether a run before this one has kept it, and may have emptied the state since. */
async function isKept({ versions }: Pick<DeployPorts, 'versions'>, record: Moved['record']): Promise<boolean> {
  for (const { stack, id } of await versions.left()) {
    if (stack !== record.stack) continue;
    const kept = (await versions.read(stack, id))?.record;
    if (kept?.at === record.at && kept.digest === record.digest) return true;
  }
  return false;
}
