import type { Lease } from '../config/schema/lease.ts';
import { type CreateRequest, type CreateResult, createEnvironment } from './create.ts';
import { leaseExists } from './errors.ts';
import { requireHere } from './lease-step.ts';
import type { DevPorts } from './ports.ts';
import { requireEnvironment, requireValid } from './workspace.ts';

export interface CloneRequest extends Pick<CreateRequest, 'name' | 'duration' | 'users'> {
  /** The lease that is copied. */
  readonly source: string;
  /** @default - that of the source */
  readonly owner: string | undefined;
  /** @default - that of the source */
  readonly cloud: string | undefined;
  /** @default - those of the source, where the owner stays the same; else none */
  readonly sshKeys: readonly string[];
  /** @default - that of the source */
  readonly purpose: string | undefined;
}

/**
 * Leases another environment like one that is there: its blueprint with the same parameters, differences of tiers and hours. Nothing of the
 * data on its volumes is copied, and nobody gets in who is not named: users never, and keys only where the owner stays the same.
 * @throws TandemError `no-such-lease`, and what `createEnvironment` throws
 */
export async function cloneEnvironment(ports: DevPorts, request: CloneRequest): Promise<CreateResult> {
  const { source, name, duration, users } = request;
  const project = requireValid(source, ports.files, ports.clock.now());
  await requireHere(ports, project, source);
  const { lease, cloud, blueprint } = requireEnvironment(project, source);
  const owner = request.owner ?? lease.value.owner;
  const isSame = owner.toLowerCase() === lease.value.owner.toLowerCase();
  const existing = project.leases.get(name)?.value;
  const like = likeOf(lease.value);
  // Run again after an interruption, its lease is there, and must be this clone.
  if (existing !== undefined && JSON.stringify(likeOf(existing)) !== JSON.stringify(like))
    throw leaseExists(name, existing.owner, ['parameters, tiers or hours']);
  ports.io.progress(`${name} begins with empty volumes: the data of ${source} is not copied`);
  return await createEnvironment(ports, {
    ...{ name, blueprint: blueprint.name, owner, duration, users, like },
    cloud: request.cloud ?? cloud.name,
    sshKeys: request.sshKeys.length > 0 ? request.sshKeys : isSame ? lease.value.sshKeys : [],
    purpose: request.purpose ?? lease.value.purpose,
  });
}

/** What makes a lease another than its blueprint. */
function likeOf({ parameters, tiers, autostop }: Lease): NonNullable<CreateRequest['like']> {
  return { parameters, tiers, ...(autostop === undefined ? {} : { autostop }) };
}
