import { type ChangeResult, extendLease, freezeEnvironment, thawEnvironment } from '../../dev/change.ts';
import type { ActionContext } from '../context.ts';
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
}

export interface ExtendOptions {
  readonly name: string;
  /** `12h`, `7d` or `2w`. @default the policy's */
  readonly duration?: string | undefined;
}

/** Leases it for longer. @throws TandemError `no-such-lease`, `invalid-duration`, `lease-too-long`, `declined` */
export async function extend(context: ActionContext, options: ExtendOptions): Promise<ChangedEnvironment> {
  return await withEnvironments(context, 'env-extend', async ({ ports }) =>
    toChanged(await extendLease(ports, options.name, options.duration)),
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
export function toChanged({ environment, changes, pullRequest }: ChangeResult): ChangedEnvironment {
  const { name, stack, lease } = environment;
  const { state, until } = lease.value;
  return { name, stack, state, until, changes, pullRequest: pullRequest ?? null };
}
