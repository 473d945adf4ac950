import { openProjectSecrets } from '../../deploy/project-secrets.ts';
import { noSecretGiven } from '../../secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore } from '../../secrets/secret.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface SecretOptions {
  readonly reference: SecretRef;
}

export interface SecretResult {
  readonly reference: SecretRef;
  readonly state: 'stored' | 'removed';
}

/** Stores the value that the host gives; what was there is replaced. @throws TandemError `no-secret-given` */
export async function putSecret(context: ActionContext, { reference }: SecretOptions): Promise<SecretResult> {
  const store = await openStore(context);
  const value = await context.io.secret(`Value of ${reference}`);
  if (value === undefined || value === '') throw noSecretGiven(reference);
  await store.put(reference, new Secret(value, reference));
  return { reference, state: 'stored' };
}

/** Removes a secret; one that is not there is no error. */
export async function removeSecret(context: ActionContext, { reference }: SecretOptions): Promise<SecretResult> {
  await (await openStore(context)).remove(reference);
  return { reference, state: 'removed' };
}

function openStore(context: ActionContext): Promise<SecretStore> {
  const { root, environment } = context;
  return openProjectSecrets({ root, project: requireProject(context), environment });
}
