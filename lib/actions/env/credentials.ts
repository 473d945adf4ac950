import { type OwnerCredentials, ownerCredentials } from '../../dev/credentials.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from './ports.ts';

export interface CredentialsOptions {
  readonly name: string;
  /** Whether all earlier credentials of its owner stop working. */
  readonly rotate: boolean;
}

export interface CredentialsResult extends OwnerCredentials {
  readonly name: string;
}

/**
 * Writes the clouds.yaml of an environment's owner.
 * @throws TandemError `no-such-lease`, `lease-expired`, `no-project-on-cloud`, `cannot-make-users`, `user-taken`
 */
export async function credentials(
  context: ActionContext,
  { name, rotate }: CredentialsOptions,
): Promise<CredentialsResult> {
  return await withEnvironments(context, 'env-credentials', async ({ ports }) => ({
    name,
    ...(await ownerCredentials(ports, name, rotate)),
  }));
}
