import { resolve } from 'node:path';
import type { Project } from '../config/project.ts';
import { defaultKeyFile, fileSecrets } from '../secrets/file-secrets.ts';
import type { SecretStore } from '../secrets/secret.ts';

/** A project, and who works on it. */
export interface ProjectAccess {
  /** The project's root. */
  readonly root: string;
  readonly project: Project;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The secret store that the project's organisation names; its client is loaded only where it is used. */
export function openProjectSecrets(props: ProjectAccess): Promise<SecretStore> {
  const { root, project, environment } = props;
  const { secrets, organisation } = project.organisation.value;
  const keyFile = defaultKeyFile(environment, organisation.name);
  return Promise.resolve(fileSecrets({ file: resolve(root, secrets.path), keyFile, environment }));
}
