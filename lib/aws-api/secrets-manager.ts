import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { noSuchSecret } from '../secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore, toReference } from '../secrets/secret.ts';
import { readFailure, toAwsError } from './aws-error.ts';
import type { AwsConnection } from './connection.ts';
import { ATTEMPTS } from './session.ts';

export interface SecretsManagerProps {
  /** Compared with the configured account before anything is asked for. */
  readonly connection: Pick<AwsConnection, 'region' | 'credentials' | 'account'>;
  /** Prefix of every secret's name, without a slash at its end: `tandem/acme`. */
  readonly prefix: string;
}

/** A change of a secret may meet the end of its recovery window, or somebody who creates it at the same time. */
const ROUNDS = 5;

/**
 * Secrets in AWS Secrets Manager, one each. A removed one can be restored in AWS for 30 days, its default; for Tandem it is gone.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/
 */
export function secretsManager({ connection, prefix }: SecretsManagerProps): SecretStore {
  const { region, credentials, account } = connection;
  const client = new SecretsManagerClient({ region, credentials, maxAttempts: ATTEMPTS });
  const where = `AWS Secrets Manager of account ${account} in ${region}`;
  const idOf = (reference: SecretRef): string => `${prefix}/${reference.slice('secret:'.length)}`;

  /** What the call gives, or the name of the error where it is one of those. */
  const attempt = async <T>(call: string, expected: readonly string[], action: () => Promise<T>) => {
    try {
      return { answer: await action() };
    } catch (error) {
      const { name } = readFailure(error);
      if (expected.includes(name)) return { refused: name };
      throw toAwsError(`secretsmanager:${call}`, error);
    }
  };

  return {
    async put(reference, value) {
      const SecretId = idOf(reference);
      const SecretString = value.unwrap();
      for (let round = 1; round <= ROUNDS; round += 1) {
        const known = await attempt('DescribeSecret', ['ResourceNotFoundException'], () =>
          client.send(new DescribeSecretCommand({ SecretId })),
        );
        if (!('answer' in known)) {
          const created = await attempt('CreateSecret', ['ResourceExistsException', 'InvalidRequestException'], () =>
            client.send(new CreateSecretCommand({ Name: SecretId, SecretString })),
          );
          if ('answer' in created) return;
          continue;
        }
        // Marked for deletion: it keeps its name until the window is over.
        if (known.answer.DeletedDate !== undefined)
          await attempt('RestoreSecret', ['ResourceNotFoundException'], () =>
            client.send(new RestoreSecretCommand({ SecretId })),
          );
        const put = await attempt('PutSecretValue', ['ResourceNotFoundException', 'InvalidRequestException'], () =>
          client.send(new PutSecretValueCommand({ SecretId, SecretString })),
        );
        if ('answer' in put) return;
      }
      throw toAwsError('secretsmanager:PutSecretValue', new Error(`${SecretId} is created and deleted by others`));
    },
    async use<T>(reference: SecretRef, action: (secret: Secret) => Promise<T>): Promise<T> {
      const SecretId = idOf(reference);
      const found = await attempt('GetSecretValue', ['ResourceNotFoundException', 'InvalidRequestException'], () =>
        client.send(new GetSecretValueCommand({ SecretId })),
      );
      const value = 'answer' in found ? found.answer.SecretString : undefined;
      if (value === undefined) throw noSuchSecret(reference, where);
      return action(new Secret(value, reference));
    },
    async remove(reference) {
      await attempt('DeleteSecret', ['ResourceNotFoundException', 'InvalidRequestException'], () =>
        client.send(new DeleteSecretCommand({ SecretId: idOf(reference) })),
      );
    },
    async list() {
      const found: SecretRef[] = [];
      const { answer } = (await attempt('ListSecrets', [], async () => {
        const pages = paginateListSecrets({ client }, { Filters: [{ Key: 'name', Values: [`${prefix}/`] }] });
        for await (const page of pages)
          for (const { Name = '', DeletedDate } of page.SecretList ?? [])
            if (Name.startsWith(`${prefix}/`) && DeletedDate === undefined)
              found.push(...toReference(Name.slice(prefix.length + 1)));
        return found.sort();
      })) as { answer: SecretRef[] };
      return answer;
    },
    close: () => client.destroy(),
  };
}
