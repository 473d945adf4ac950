import { declined } from '../../deploy/errors.ts';
import { lockNamed } from '../../deploy/unlock.ts';
import { notLocked } from '../../state/errors.ts';
import { ageOf, type Lock } from '../../state/lock.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';

export interface UnlockOptions {
  /** Id or short name. */
  readonly stack: string;
}

export interface UnlockResult {
  readonly stack: string;
  /** The lock that was released; null where its holder released it meanwhile. */
  readonly broken: Lock | null;
}

/** Releases a stack's lock in place of its holder, after asking. @throws TandemError `not-locked`, `declined` */
export async function unlock(context: ActionContext, { stack }: UnlockOptions): Promise<UnlockResult> {
  return await withClouds(context, requireProject(context), async (ports) => {
    const lock = await lockNamed(ports, stack);
    if (lock === undefined) throw notLocked(stack);
    const { owner, processId, verb } = lock;
    const confirmed = await context.io.confirm({
      code: 'break-lock',
      details: `${lock.stack} is locked by ${owner} (process ${processId}), which has been running \`${verb}\` for ${ageOf(lock)}.`,
      text: 'Release this lock? If that run is still working, two runs will change the stack at once.',
    });
    if (!confirmed) throw declined();
    return { stack: lock.stack, broken: (await ports.locks.break(lock.stack, ports.actor.by)) ?? null };
  });
}
