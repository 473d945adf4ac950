import { readFileSync } from 'node:fs';
import { type CloneRequest, cloneEnvironment } from '../../dev/clone.ts';
import { type CreateRequest, type CreateResult, createEnvironment } from '../../dev/create.ts';
import type { OwnerCredentials } from '../../dev/credentials.ts';
import type { ActionContext } from '../context.ts';
import { cannotRead } from '../errors.ts';
import { withEnvironments } from './ports.ts';

export interface CreateOptions extends Omit<CreateRequest, 'sshKeys'> {
  /** Files of OpenSSH public keys that may log in. */
  readonly sshKeyFiles: readonly string[];
}

export interface CreatedEnvironment {
  readonly name: string;
  readonly stack: string;
  readonly owner: string;
  readonly until: string;
  /** Changes that this run made; 0 where everything existed. */
  readonly changes: number;
  /** Keystone's id of its project. */
  readonly projectId: string;
  /** What its load balancers answer on, by tier. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Command line that logs in; null where the blueprint lets nobody. */
  readonly ssh: string | null;
  /** Whether the lease has an SSH key: without one nobody can log in. */
  readonly hasKeys: boolean;
  readonly credentials: OwnerCredentials;
  /** How to bring the lease to a protected branch; null where it is there. */
  readonly pullRequest: string | null;
}

/**
 * Leases an environment and brings it up. A run after a kill finishes the work.
 * @throws TandemError `cannot-read`, `declined`, `does-not-fit`, `lease-exists`, `environment-unhealthy`
 */
export async function create(context: ActionContext, options: CreateOptions): Promise<CreatedEnvironment> {
  const { sshKeyFiles, ...request } = options;
  const sshKeys = sshKeyFiles.map(readKey);
  return await withEnvironments(context, 'env-create', async ({ ports }) =>
    toCreated(await createEnvironment(ports, { ...request, sshKeys })),
  );
}

export interface CloneOptions extends Omit<CloneRequest, 'sshKeys'> {
  /** Files of OpenSSH public keys that may log in. @default - those of the other, where the owner stays the same */
  readonly sshKeyFiles: readonly string[];
}

/**
 * Leases another environment like one that is there, without its data.
 * @throws TandemError `no-such-lease`, and those of `create`
 */
export async function clone(context: ActionContext, options: CloneOptions): Promise<CreatedEnvironment> {
  const { sshKeyFiles, ...request } = options;
  const sshKeys = sshKeyFiles.map(readKey);
  return await withEnvironments(context, 'env-clone', async ({ ports }) =>
    toCreated(await cloneEnvironment(ports, { ...request, sshKeys })),
  );
}

/** Pure. */
export function toCreated({
  environment,
  access,
  credentials,
  changes,
  pullRequest,
}: CreateResult): CreatedEnvironment {
  const { name, stack, lease } = environment;
  return {
    name,
    stack,
    owner: lease.value.owner,
    until: lease.value.until,
    changes,
    projectId: access.projectId,
    endpoints: access.endpoints,
    ssh: access.ssh ?? null,
    hasKeys: lease.value.sshKeys.length > 0,
    credentials,
    pullRequest: pullRequest ?? null,
  };
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw cannotRead(file, error);
  }
}
