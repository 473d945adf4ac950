import { AwsError } from '../aws-error.ts';
import type { Realm, StoreKey } from '../world.ts';

export interface StoredSecret {
  readonly name: string;
  readonly arn: string;
  value: string | undefined;
  version: string;
  tags: { readonly Key?: string; readonly Value?: string }[];
  readonly created: number;
  changed: number;
  /** Set while it waits for its deletion: it keeps its name and cannot be read. */
  deleted: number | undefined;
}

const KEY: StoreKey<Map<string, StoredSecret>> = { name: 'secretsmanager', create: () => new Map() };

export function secretsOf(realm: Realm): Map<string, StoredSecret> {
  return realm.store(KEY);
}

/** By name or ARN. @throws AwsError as the service says it */
export function findSecret(realm: Realm, id: string): StoredSecret {
  const found = [...secretsOf(realm).values()].find(({ name, arn }) => name === id || arn === id);
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return found;
}

/** @throws AwsError where it has no value, or is about to be deleted */
export function secretValue(realm: Realm, id: string): string {
  const { value, deleted } = findSecret(realm, id);
  if (deleted !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  if (value === undefined)
    throw new AwsError(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  return value;
}
