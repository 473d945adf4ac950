import type { Engine } from '../engines/engine.ts';
import type { SynthesizedStack } from '../stack/synthesized.ts';
import { notDeployable } from './errors.ts';
import type { DeployPorts } from './ports.ts';

/** @throws TandemError `no-engine` */
export function engineOf(ports: Pick<DeployPorts, 'engines'>, stack: Pick<SynthesizedStack, 'id' | 'engine'>): Engine {
  const engine = ports.engines[stack.engine];
  if (engine === undefined) throw notDeployable(stack.id, stack.engine);
  return engine;
}
