import type { SecretRef } from '../secrets/secret.ts';
import { openStores, type Stores } from '../state/open-stores.ts';
import { type Sealer, stateSealer } from '../state/sealer.ts';
import { type ProjectAccess, projectKeyFile, withProjectSecrets } from './project-secrets.ts';

/**
 * Records, journal and locks where the project's organisation keeps them, opened with its secrets.
 * @throws TandemError `state-backend-incomplete`, `no-such-secret`
 */
export async function openProjectStores(props: ProjectAccess): Promise<Stores> {
  const { root, project, environment } = props;
  const { state } = project.organisation.value;
  const readSecret = (reference: SecretRef): Promise<string> =>
    withProjectSecrets(props, (store) => store.use(reference, (secret) => Promise.resolve(secret.unwrap())));
  return await openStores({
    ...{ root, state, environment, readSecret, sealer: projectSealer(props) },
    ...(props.warn === undefined ? {} : { warn: props.warn }),
  });
}

/** Encrypts what is kept of the project's state, where its organisation names recipients. */
function projectSealer(access: ProjectAccess): Sealer {
  const { recipients } = access.project.organisation.value.state;
  return stateSealer({ recipients, environment: access.environment, keyFile: projectKeyFile(access) });
}
