import { join } from 'node:path';
import { declined } from '../../deploy/errors.ts';
import { lockNamed, type NamedLock } from '../../deploy/unlock.ts';
import { notLocked } from '../../state/errors.ts';
import { ageOf } from '../../state/lock.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import type { unlockSchema } from './schema.ts';

export interface UnlockOptions {
  /** Id or short name. */
  readonly stack: string;
}

export type UnlockResult = ResultOf<typeof unlockSchema>;

/** Releases a stack's lock in place of its holder, after asking. @throws TandemError `not-locked`, `declined` */
export async function unlock(context: ActionContext, { stack: name }: UnlockOptions): Promise<UnlockResult> {
  const { io, root, now } = context;
  return await withClouds(context, requireProject(context), async ({ locks, actor }) => {
    const found = await lockNamed({ locks }, name);
    if (found === undefined) throw notLocked(name);
    if (!(await io.confirm({ code: 'break-lock', ...question(found) }))) throw declined();
    const { stack } = found;
    const copies = join(root, '.tandem', 'broken', now().toISOString().replaceAll(/[:.]/g, '-'));
    const broken = (await locks.break(stack, actor.by, copies)) ?? null;
    return { stack, broken, unreadable: 'broken' in found ? found.broken.why : null };
  });
}

function question(found: NamedLock): { readonly details: string; readonly text: string } {
  if ('broken' in found) {
    const { where, why } = found.broken;
    return {
      details: `${where} cannot be read: ${why}. Who holds ${found.stack} is unknown.`,
      text: 'Release this lock? If a run is working on it, two runs will change the stack at once.',
    };
  }
  const { owner, processId, verb } = found.lock;
  return {
    details: `${found.stack} is locked by ${owner} (process ${processId}), which has been running \`${verb}\` for ${ageOf(found.lock)}.`,
    text: 'Release this lock? If that run is still working, two runs will change the stack at once.',
  };
}
