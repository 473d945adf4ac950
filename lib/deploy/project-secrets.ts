import { resolve } from 'node:path';
import { defaultKeyFile, fileSecrets } from '../secrets/file-secrets.ts';
import type { SecretStore } from '../secrets/secret.ts';
import type { ProjectStoresProps } from './project-stores.ts';

/** The secret store that the project's organisation names; its client is loaded only where it is used. */
export function openProjectSecrets(props: ProjectStoresProps): Promise<SecretStore> {
  const { root, project, environment } = props;
  const { secrets, organisation } = project.organisation.value;
  const keyFile = defaultKeyFile(environment, organisation.name);
  return Promise.resolve(fileSecrets({ file: resolve(root, secrets.path), keyFile, environment }));
}
