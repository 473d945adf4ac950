import type { Finding, StackPlan } from '../plan/model.ts';
import { engineOf } from './engine-of.ts';
import type { DeployPorts, Target } from './ports.ts';

/** What clouds would refuse of stacks that change, as their engines find out beforehand. */
export async function preflightFindings(
  ports: Pick<DeployPorts, 'engines' | 'now'>,
  planned: readonly { readonly target: Target; readonly shown: StackPlan }[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const found = planned.map(async ({ target: { stack, destroy }, shown }) => {
    if (destroy || shown.changes.length === 0) return [];
    return (await engineOf(ports, stack).preflight?.(stack, shown.changes, ports.now())) ?? [];
  });
  const findings = (await Promise.all(found)).flat();
  signal.throwIfAborted();
  return findings;
}
