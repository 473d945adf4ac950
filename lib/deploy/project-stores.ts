import { defaultKeyFile } from '../secrets/age.ts';
import type { SecretRef } from '../secrets/secret.ts';
import { openStores, type Stores } from '../state/open-stores.ts';
import { type Sealer, stateSealer } from '../state/sealer.ts';
import { openProjectSecrets, type ProjectAccess } from './project-secrets.ts';

/**
 * Records, journal and locks where the project's organisation keeps them, opened with its secrets.
 * @throws TandemError `state-backend-incomplete`, `no-such-secret`
 */
export async function openProjectStores(props: ProjectAccess): Promise<Stores> {
  const { root, project, environment } = props;
  const { state } = project.organisation.value;
  const readSecret = async (reference: SecretRef): Promise<string> => {
    const secrets = await openProjectSecrets(props);
    try {
      return await secrets.use(reference, (secret) => Promise.resolve(secret.unwrap()));
    } finally {
      secrets.close();
    }
  };
  return await openStores({
    ...{ root, state, environment, readSecret, sealer: projectSealer(props) },
    ...(props.warn === undefined ? {} : { warn: props.warn }),
  });
}

/** Encrypts what is kept of the project's state, where its organisation names recipients. */
function projectSealer({ project, environment }: ProjectAccess): Sealer {
  const { state, organisation } = project.organisation.value;
  const keyFile = defaultKeyFile(environment, organisation.name);
  return stateSealer({ recipients: state.recipients, environment, keyFile });
}
