import {
  answerExtensionOf,
  type ChangeResult,
  extendLease,
  freezeEnvironment,
  thawEnvironment,
} from '../../dev/change.ts';
import type { ActionContext } from '../context.ts';
import { usage } from '../errors.ts';
import { withEnvironments } from './ports.ts';

export interface ChangedEnvironment {
  readonly name: string;
  readonly stack: string;
  readonly state: 'active' | 'frozen';
  readonly until: string;
  /** Changes that were made on the cloud. */
  readonly changes: number;
  /** How to bring the lease to a protected branch; null where it is there. */
  readonly pullRequest: string | null;
  /** Later end that was asked for, and waits for an answer; null where none is. */
  readonly asked: string | null;
}

export interface ExtendOptions {
  readonly name: string;
  /** `12h`, `7d` or `2w`. @default the policy's */
  readonly duration?: string | undefined;
  /** Grants what was asked for. @default false */
  readonly approve?: boolean;
  /** Takes what was asked for out of the lease. @default false */
  readonly refuse?: boolean;
}

/**
 * Leases it for longer, asks for that where policy does not grant it, or answers.
 * @throws TandemError `usage`, `no-such-lease`, `invalid-duration`, `lease-too-long`, `no-extension-asked`, `extension-not-approver`, `declined`
 */
export async function extend(context: ActionContext, options: ExtendOptions): Promise<ChangedEnvironment> {
  const { name, duration, approve = false, refuse = false } = options;
  if ([duration !== undefined, approve, refuse].filter(Boolean).length > 1)
    throw usage('one of --for, --approve and --refuse', `write \`tandem env extend ${name} --approve\``);
  return await withEnvironments(context, 'env-extend', async ({ ports }) =>
    toChanged(
      approve || refuse
        ? await answerExtensionOf(ports, name, approve ? 'approve' : 'refuse')
        : await extendLease(ports, name, duration),
    ),
  );
}

/** Stops its servers and keeps its data. @throws TandemError `no-such-lease`, `declined`, `environment-unhealthy` */
export async function freeze(context: ActionContext, { name }: { readonly name: string }): Promise<ChangedEnvironment> {
  return await withEnvironments(context, 'env-freeze', async ({ ports }) =>
    toChanged(await freezeEnvironment(ports, name)),
  );
}

/** Starts it again. @throws TandemError `no-such-lease`, `declined`, `does-not-fit`, `environment-unhealthy` */
export async function thaw(context: ActionContext, { name }: { readonly name: string }): Promise<ChangedEnvironment> {
  return await withEnvironments(context, 'env-thaw', async ({ ports }) =>
    toChanged(await thawEnvironment(ports, name)),
  );
}

/** Pure. */
export function toChanged({ environment, changes, pullRequest, asked }: ChangeResult): ChangedEnvironment {
  const { name, stack, lease } = environment;
  const { state, until } = lease.value;
  return { name, stack, state, until, changes, pullRequest: pullRequest ?? null, asked: asked ?? null };
}
