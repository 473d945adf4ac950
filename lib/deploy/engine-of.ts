import type { Engine, Identities } from '../engines/engine.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { notDeployable } from './errors.ts';
import type { DeployPorts } from './ports.ts';

/** @throws TandemError `no-engine` */
export function engineOf(ports: Pick<DeployPorts, 'engines'>, stack: Pick<SynthesizedStack, 'id' | 'engine'>): Engine {
  const engine = ports.engines[stack.engine];
  if (engine === undefined) throw notDeployable(stack.id, stack.engine);
  return engine;
}

/**
 * Compares who the operator's credentials say that we are with what the configuration names, wherever these stacks are.
 * @returns who we are, by stack
 * @throws TandemError `wrong-cloud`, `wrong-account`, `no-engine` and those of missing or refused credentials
 */
export async function assertIdentities(
  ports: Pick<DeployPorts, 'engines'>,
  stacks: readonly Pick<SynthesizedStack, 'id' | 'engine'>[],
  signal: AbortSignal,
): Promise<Identities> {
  const byEngine = Map.groupBy(stacks, (stack) => engineOf(ports, stack));
  const checks = [...byEngine].map(([engine, own]) =>
    engine.assertIdentity(
      own.map(({ id }) => id),
      signal,
    ),
  );
  return new Map((await Promise.all(checks)).flatMap((identities) => [...identities]));
}
