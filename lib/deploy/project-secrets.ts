import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { secretStoreIncomplete } from '../config/errors.ts';
import type { Project } from '../config/project.ts';
import type { Organisation } from '../config/schema/organisation.ts';
import { defaultKeyFile } from '../secrets/age.ts';
import { secretsMoved } from '../secrets/errors.ts';
import { type FileSecrets, fileSecrets } from '../secrets/file-secrets.ts';
import type { SecretStore } from '../secrets/secret.ts';

/** A project, and who works on it. */
export interface ProjectAccess {
  /** The project's root. */
  readonly root: string;
  readonly project: Project;
  /** The operator's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Told what people should know while work goes on, such as what is waited for. @default - nobody is */
  readonly warn?: (text: string) => void;
}

type OpenStore = (access: ProjectAccess, secrets: Organisation['secrets'], prefix: string) => Promise<SecretStore>;

/** How each store is opened. A service's client is loaded only where it is used, and asked nothing before the first secret. */
const STORES: Readonly<Record<Organisation['secrets']['store'], OpenStore>> = {
  file: (access) => Promise.resolve(projectSecretsFile(access)),
  async 'aws-secrets-manager'({ environment }, { aws }, prefix) {
    if (aws === undefined) throw secretStoreIncomplete('aws-secrets-manager', 'secrets.aws');
    const { connect } = await import('../aws-api/session.ts');
    const { secretsManager } = await import('../aws-api/secrets-manager.ts');
    const target = { ...aws, environment: 'of secrets.aws', role: undefined };
    return secretsManager({ connection: await connect(target, environment, ''), prefix });
  },
  async barbican({ root, project, environment }, { barbican: settings }, prefix) {
    const cloud = project.clouds.get(settings?.cloud ?? '');
    if (cloud === undefined) throw secretStoreIncomplete('barbican', 'secrets.barbican.cloud');
    const { barbican } = await import('../openstack-api/barbican.ts');
    const { openCloud } = await import('../openstack-api/open-cloud.ts');
    return barbican({ ...openCloud({ root, environment }, cloud), prefix });
  },
};

/**
 * The secret store that the project's organisation names.
 * @throws TandemError `secret-store-incomplete`, and those of missing, refused or misdirected credentials
 */
export async function openProjectSecrets(access: ProjectAccess): Promise<SecretStore> {
  const { secrets, organisation } = access.project.organisation.value;
  return await STORES[secrets.store](access, secrets, `tandem/${organisation.name}`);
}

/** Runs work with the project's secret store, which is closed afterwards. @throws TandemError as `openProjectSecrets` */
export async function withProjectSecrets<T>(
  access: ProjectAccess,
  work: (store: SecretStore) => Promise<T>,
): Promise<T> {
  const store = await openProjectSecrets(access);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Where the store was before it was kept in git. */
const FORMER = join('.tandem', 'secrets.age');

/** Where the operator's key of a project is; undefined without a home. */
export function projectKeyFile({ project, environment }: Pick<ProjectAccess, 'project' | 'environment'>) {
  return defaultKeyFile(environment, project.organisation.value.organisation.name);
}

/** The store `file` of a project. @throws TandemError `secrets-moved` */
export function projectSecretsFile({ root, project, environment }: ProjectAccess): FileSecrets {
  const { path, recipients } = project.organisation.value.secrets;
  const file = resolve(root, path);
  if (!existsSync(file) && existsSync(join(root, FORMER))) throw secretsMoved(FORMER, path);
  const keyFile = projectKeyFile({ project, environment });
  return fileSecrets({ file, recipients, keyFile, environment, guardFolder: join(root, '.tandem', 'secrets') });
}
