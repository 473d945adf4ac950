import { resolve } from 'node:path';
import type { Project } from '../config/project.ts';
import { defaultKeyFile, fileSecrets } from '../secrets/file-secrets.ts';
import type { SecretStore } from '../secrets/secret.ts';
import { openStores, type Stores } from './open-stores.ts';

export interface ProjectStoresProps {
  /** The project's root. */
  readonly root: string;
  readonly project: Project;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Records, journal and locks where the project's organisation keeps them, opened with its secrets.
 * @throws TandemError `state-backend-incomplete`, `no-such-secret`
 */
export async function openProjectStores(props: ProjectStoresProps): Promise<Stores> {
  const { root, project, environment } = props;
  const { state } = project.organisation.value;
  return await openStores({ root, state, environment, secrets: projectSecrets(props) });
}

/** The secret store that the project's organisation names. */
export function projectSecrets({ root, project, environment }: ProjectStoresProps): SecretStore {
  const { secrets, organisation } = project.organisation.value;
  const keyFile = defaultKeyFile(environment, organisation.name);
  return fileSecrets({ file: resolve(root, secrets.path), keyFile, environment });
}
