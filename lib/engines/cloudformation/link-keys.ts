import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { called, calledUnless } from '../../aws-api/aws-error.ts';
import { ATTEMPTS } from '../../aws-api/session.ts';
import { linkKey } from '../../secrets/link-key.ts';
import type { SecretRef, SecretStore } from '../../secrets/secret.ts';
import { artefactName } from '../../stack/id.ts';
import type { SynthesizedStack } from '../../stack/synthesized.ts';
import type { CloudFormationConnection } from './connection.ts';
import { secretOfAnother } from './errors.ts';

type Stack = Pick<SynthesizedStack, 'id' | 'text'>;

/** Names of secrets that a template lets CloudFormation read, with the project's own secret of each: `tandem/link/…` is `secret:link/…`. */
function keysIn({ text }: Stack): ReadonlyMap<string, SecretRef> {
  const names = [...text.matchAll(/\{\{resolve:secretsmanager:(tandem\/(link\/[^:}]+))\}\}/g)];
  return new Map(names.map(([, name = '', own = '']) => [name, `secret:${own}` satisfies SecretRef]));
}

/**
 * Puts keys where CloudFormation reads them: makes them where the project has none, and writes only what is not there already. Safe to
 * repeat. @returns how many were written
 * @throws TandemError `secret-of-another`
 */
export async function writeKeys(
  connection: CloudFormationConnection,
  stack: Stack,
  open: (() => Promise<SecretStore>) | undefined,
): Promise<number> {
  const keys = keysIn(stack);
  if (keys.size === 0) return 0;
  if (open === undefined) throw new TypeError(`${stack.id} refers to secrets, and nothing opens them`);
  const store = await open();
  try {
    return await withSecrets(connection, async (service) => {
      let written = 0;
      for (const [name, reference] of keys)
        if (await service.put(name, (await linkKey(store, reference)).unwrap(), stack)) written += 1;
      return written;
    });
  } finally {
    store.close();
  }
}

/** Removes them at once, after the stack is gone: the project has them still. */
export async function removeKeys(connection: CloudFormationConnection, stack: Stack): Promise<void> {
  const keys = keysIn(stack);
  if (keys.size === 0) return;
  await withSecrets(connection, async (service) => {
    for (const name of keys.keys()) await service.remove(name, stack);
  });
}

interface Secrets {
  /** Whether it had to be written. */
  put(name: string, value: string, owner: Stack): Promise<boolean>;
  /** One of somebody else, or that is not there, is left. */
  remove(name: string, owner: Stack): Promise<void>;
}

async function withSecrets<T>(
  { region, credentials }: CloudFormationConnection,
  action: (service: Secrets) => Promise<T>,
): Promise<T> {
  const client = new SecretsManagerClient({ region, credentials, maxAttempts: ATTEMPTS });
  const known = (SecretId: string) =>
    calledUnless('secretsmanager:DescribeSecret', /^ResourceNotFoundException$/, () =>
      client.send(new DescribeSecretCommand({ SecretId })),
    );
  const ownerOf = (found: Awaited<ReturnType<typeof known>>): string | undefined =>
    found?.Tags?.find(({ Key }) => Key === 'stack')?.Value;
  try {
    return await action({
      async put(SecretId, SecretString, { id, text }) {
        const found = await known(SecretId);
        if (found === undefined) {
          const create = new CreateSecretCommand({ Name: SecretId, SecretString, Tags: tagsIn(text) });
          await called('secretsmanager:CreateSecret', () => client.send(create));
          return true;
        }
        if (ownerOf(found) !== artefactName(id)) throw secretOfAnother(id, SecretId, ownerOf(found));
        if (found.DeletedDate !== undefined)
          await called('secretsmanager:RestoreSecret', () => client.send(new RestoreSecretCommand({ SecretId })));
        const value = await called('secretsmanager:GetSecretValue', () =>
          client.send(new GetSecretValueCommand({ SecretId })),
        );
        if (value.SecretString === SecretString) return false;
        await called('secretsmanager:PutSecretValue', () =>
          client.send(new PutSecretValueCommand({ SecretId, SecretString })),
        );
        return true;
      },
      async remove(SecretId, { id }) {
        const found = await known(SecretId);
        if (ownerOf(found) !== artefactName(id)) return;
        const remove = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true });
        await called('secretsmanager:DeleteSecret', () => client.send(remove));
      },
    });
  } finally {
    client.destroy();
  }
}

/** Whose the stack's VPN connections are, as their tags say. */
function tagsIn(text: string): { readonly Key: string; readonly Value: string }[] {
  type Tagged = { readonly Type?: string; readonly Properties?: { readonly Tags?: { Key: string; Value: string }[] } };
  const { Resources = {} } = JSON.parse(text) as { readonly Resources?: Readonly<Record<string, Tagged>> };
  const connection = Object.values(Resources).find(({ Type }) => Type === 'AWS::EC2::VPNConnection');
  return (connection?.Properties?.Tags ?? []).filter(({ Key }) => Key !== 'Name');
}
