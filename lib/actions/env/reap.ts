import type { ReapAction } from '../../dev/reap.ts';
import { reap as reapLeases } from '../../dev/reaper.ts';
import type { ActionContext } from '../context.ts';
import { withEnvironments } from './ports.ts';

export interface ReapOptions {
  /** Acts, without asking; otherwise only tells what it would do. */
  readonly execute: boolean;
}

export interface ReapResult {
  readonly executed: boolean;
  readonly actions: readonly ReapAction[];
  /** Messages of what failed; the other leases were worked on all the same. */
  readonly failures: readonly string[];
}

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
