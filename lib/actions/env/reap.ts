import { reap as reapLeases } from '../../dev/reaper.ts';
import type { ActionContext } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { withEnvironments } from './ports.ts';
import type { reapSchema } from './schema.ts';

export interface ReapOptions {
  /** Acts, without asking; otherwise only tells what it would do. */
  readonly execute: boolean;
}

export type ReapResult = ResultOf<typeof reapSchema>;

/** Warns of leases that end, stops those that ended, and deletes what stayed stopped. */
export async function reap(context: ActionContext, { execute }: ReapOptions): Promise<ReapResult> {
  return await withEnvironments(context, 'env-reap', async ({ project, ports }) => {
    // Whoever runs it from a timer has answered.
    const io = { ...ports.io, confirm: () => Promise.resolve(true) };
    const { actions, failures } = await reapLeases({ ...ports, io }, project, execute);
    for (const { message } of failures)
      context.io.emit({ kind: 'message', level: 'warn', code: 'reap-failed', text: message });
    return { executed: execute, actions, failures: failures.map(({ message }) => message) };
  });
}
