import { projectSecretsFile, withProjectSecrets } from '../../deploy/project-secrets.ts';
import { defaultKeyFile, identitiesOf, newIdentity, recipientsOf } from '../../secrets/age.ts';
import { noSecretGiven, notRotatable } from '../../secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore } from '../../secrets/secret.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { referencesIn } from './references.ts';
import type { secretKeySchema, secretListSchema } from './schema.ts';

export interface SecretOptions {
  readonly reference: SecretRef;
}

export interface SecretResult {
  readonly reference: SecretRef;
  readonly state: 'stored' | 'removed';
}

export type ListedSecret = ResultOf<typeof secretListSchema>['secrets'][number];

export interface KeyOptions {
  /** Makes another key, which seals from now on; the earlier ones still open what was sealed for them. @default false */
  readonly fresh?: boolean;
}

export type KeyResult = ResultOf<typeof secretKeySchema>;

export interface RotateResult {
  /** Public keys that open the store now. */
  readonly recipients: number;
  /** Relative to the project. */
  readonly file: string;
}

/** Stores the value that the host gives; what was there is replaced. @throws TandemError `no-secret-given` */
export async function putSecret(context: ActionContext, { reference }: SecretOptions): Promise<SecretResult> {
  return await withStore(context, async (store) => {
    const value = await context.io.secret(`Value of ${reference}`);
    if (value === undefined || value === '') throw noSecretGiven(reference);
    await store.put(reference, new Secret(value, reference));
    return { reference, state: 'stored' };
  });
}

/** Removes a secret; one that is not there is no error. */
export async function removeSecret(context: ActionContext, { reference }: SecretOptions): Promise<SecretResult> {
  return await withStore(context, async (store) => {
    await store.remove(reference);
    return { reference, state: 'removed' };
  });
}

/** What is stored, and what the configuration refers to; never a value. */
export async function listSecrets(context: ActionContext): Promise<readonly ListedSecret[]> {
  const used = referencesIn(requireProject(context));
  const stored = await withStore(context, (store) => store.list());
  return [...new Set([...stored, ...used.keys()])].sort().map((reference) => ({
    reference,
    stored: stored.includes(reference),
    usedBy: used.get(reference) ?? [],
  }));
}

/** The caller's public keys; one is made where there is none, or where another is asked for. @throws TandemError `no-place-for-key` */
export async function secretKey(context: ActionContext, { fresh = false }: KeyOptions = {}): Promise<KeyResult> {
  const { environment } = context;
  const { organisation } = requireProject(context).organisation.value;
  const keyFile = defaultKeyFile(environment, organisation.name);
  const known = identitiesOf(environment, keyFile);
  const made = known.length === 0 || fresh;
  const identities = made ? [await newIdentity(keyFile), ...known] : known;
  const byVariable = (environment['TANDEM_SECRETS_KEY'] ?? '') !== '';
  return { recipients: await recipientsOf(identities), made, keyFile: byVariable ? null : (keyFile ?? null) };
}

/** Encrypts the file store anew to the recipients that the configuration names. @throws TandemError `not-rotatable` */
export async function rotateSecrets(context: ActionContext): Promise<RotateResult> {
  const { root, environment } = context;
  const project = requireProject(context);
  const { store, path } = project.organisation.value.secrets;
  if (store !== 'file') throw notRotatable(store);
  return { recipients: await projectSecretsFile({ root, project, environment }).rotate(), file: path };
}

async function withStore<T>(context: ActionContext, action: (store: SecretStore) => Promise<T>): Promise<T> {
  const { root, environment } = context;
  return await withProjectSecrets({ root, project: requireProject(context), environment }, action);
}
