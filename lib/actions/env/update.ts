import { rollOutBlueprint } from '../../dev/update/roll-out.ts';
import { type UpdateResult, updateEnvironment } from '../../dev/update/update.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import type { ResultOf } from '../result-of.ts';
import { withEnvironments } from './ports.ts';
import type { updatedSchema } from './schema.ts';

export interface UpdateOptions {
  /** The lease; or `blueprint`, for all leases of it. */
  readonly name: string | undefined;
  readonly blueprint: string | undefined;
  /** Everything in one run, whichever majority that costs. @default false */
  readonly atOnce: boolean;
  /** @default false */
  readonly dryRun: boolean;
  /** Its owner approves the update. @default false */
  readonly approve: boolean;
  /** Other values of the blueprint's parameters, as `NAME=VALUE`. @default - none */
  readonly parameters?: readonly string[];
}

export type UpdatedLease = UpdatedEnvironments['leases'][number];

export type UpdatedEnvironments = ResultOf<typeof updatedSchema>;

/**
 * Brings one lease, or all leases of a blueprint in waves, to what blueprint and lease say now.
 * @throws TandemError `usage`, `update-not-approved`, `update-loses-majority`, `roll-out-stopped`, `declined`, `environment-unhealthy`
 */
export async function update(context: ActionContext, options: UpdateOptions): Promise<UpdatedEnvironments> {
  const { name, blueprint, parameters: given = [], ...rest } = options;
  const how = { ...rest, parameters: Object.fromEntries(given.map(parameterOf)) };
  if ((name === undefined) === (blueprint === undefined))
    throw usage('name one lease, or a blueprint with --blueprint', 'write `tandem env update NAME`');
  if (blueprint !== undefined && (how.approve || how.atOnce))
    throw usage('--approve and --at-once are about one lease', 'name the lease: `tandem env update NAME`');
  if (given.length > 0 && (blueprint !== undefined || how.approve))
    throw usage('--parameter changes one lease, and approves nothing', 'leave out --blueprint and --approve');
  return await withEnvironments(context, 'env-update', async ({ project, ports }) => {
    if (name !== undefined) return toUpdated(await updateEnvironment(ports, name, how), how);
    const { members, waves, changes } = await rollOutBlueprint(ports, project, blueprint ?? '', how);
    const leases = members.map((member) => ({
      ...leaseOf(member),
      standing: member.standing,
      changes: changes[member.environment.name] ?? 0,
    }));
    return { dryRun: how.dryRun, leases, waves, rounds: [], pullRequest: null };
  });
}

/** @throws TandemError `usage` */
function parameterOf(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`--parameter is NAME=VALUE; got "${text}"`, 'write one such as --parameter nodes=5');
  return [text.slice(0, at), text.slice(at + 1)];
}

function toUpdated(result: UpdateResult, { dryRun, approve }: Pick<UpdateOptions, 'dryRun' | 'approve'>) {
  const isCurrent = result.servers.length + result.others === 0;
  const standing = isCurrent ? 'current' : dryRun ? 'changes' : approve ? 'approved' : 'updated';
  const lease: UpdatedLease = { ...leaseOf(result), standing, changes: result.changes };
  return { dryRun, leases: [lease], waves: [], rounds: result.rounds, pullRequest: result.pullRequest ?? null };
}

function leaseOf({
  environment,
  version,
  servers,
  others,
}: Omit<UpdateResult, 'approval' | 'rounds' | 'changes' | 'pullRequest'>) {
  const { name, stack, lease } = environment;
  return { name, stack, owner: lease.value.owner, version, servers, others };
}
