import { counted } from '../../text/plural.ts';
import { engineOf } from '../engine-of.ts';
import type { DeployOptions, DeployPorts, RunningOperation, Target } from '../ports.ts';
import { leftInLostProject } from './errors.ts';
import { keepVersion } from './versions.ts';

/**
 * Forgets what the cloud no longer has, each thing proven by the cloud's own answer, so that it is planned anew. The state before is kept
 * as a version.
 * @throws TandemError `left-in-lost-project` where things stand in a project that is gone
 */
export async function forgetLost(
  ports: DeployPorts,
  { stack }: Target,
  operation: Pick<RunningOperation, 'id' | 'step'>,
  { signal, emit }: Pick<DeployOptions, 'signal' | 'emit'>,
): Promise<void> {
  const lost = await engineOf(ports, stack).lost?.(stack, signal);
  // Without a state, or with one that is in the cloud itself, nothing is known that is not there.
  if (lost === undefined) return;
  if (lost.orphans.length > 0) throw leftInLostProject(stack.id, lost.project ?? '', lost.orphans);
  if (lost.addresses.length === 0) return;
  await operation.step(`forget ${stack.id}`, async () => {
    await keepVersion(ports, stack, { operation: operation.id, moment: 'before what is lost was forgotten' });
    await engineOf(ports, stack).forget?.(stack, lost.addresses);
    await keepVersion(ports, stack, { operation: operation.id, moment: 'without what is lost' });
  });
  const what = counted(lost.addresses.length, 'resource');
  const text = `its cloud no longer has ${what} of it, which the state forgets: ${lost.addresses.join(', ')}`;
  emit({ kind: 'message', stack: stack.id, level: 'warn', text });
}
