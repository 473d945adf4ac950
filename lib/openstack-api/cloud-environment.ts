import { isAbsolute, resolve } from 'node:path';
import type { Entity } from '../config/project.ts';
import type { Cloud } from '../config/schema/cloud.ts';

/** The environment that finds a cloud's credentials: the operator's own, unless the cloud names a file. */
export function environmentOf(
  { root, environment }: { readonly root: string; readonly environment: NodeJS.ProcessEnv },
  cloud: Entity<Cloud>,
): NodeJS.ProcessEnv {
  const { clientConfig } = cloud.value.endpoint;
  if (clientConfig === undefined) return environment;
  return {
    ...environment,
    OS_CLIENT_CONFIG_FILE: isAbsolute(clientConfig) ? clientConfig : resolve(root, clientConfig),
  };
}
