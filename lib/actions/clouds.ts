import type { Project } from '../config/project.ts';
import { type DeployPorts, RESOURCES_AT_ONCE } from '../deploy/ports.ts';
import { deployPorts } from '../deploy/real.ts';
import type { EngineOptions } from '../engines/engine.ts';
import { type ActionContext, warnerOf } from './context.ts';

/** Opens the way to a project's clouds, records and locks, and closes it whatever happens. */
export async function withClouds<T>(
  context: Pick<ActionContext, 'root' | 'environment'> & { readonly io: Pick<ActionContext['io'], 'emit'> },
  project: Project,
  work: (ports: DeployPorts) => Promise<T>,
): Promise<T> {
  const { root, environment } = context;
  const ports = await deployPorts({ root, project, environment, warn: warnerOf(context) });
  try {
    return await work(ports);
  } finally {
    await ports.close();
  }
}

/** How engines work for an action. */
export function engineOptions({ signal, resourceParallelism = RESOURCES_AT_ONCE }: ActionContext): EngineOptions {
  return { signal, parallelism: resourceParallelism };
}
