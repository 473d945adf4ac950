import { declined } from '../../deploy/errors.ts';
import { queueOf } from '../../jobs/cluster.ts';
import { type DeadLetters, lookAtDeadLetters, moveAll, moveThese } from '../../jobs/redrive.ts';
import { counted } from '../../text/plural.ts';
import { type ActionContext, progressOf } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import type { redriveSchema } from './schema.ts';
import { withJobs } from './with-jobs.ts';

export interface RedriveOptions {
  readonly environment: string;
  /** Jobs whose dead letters are moved. @default all */
  readonly ids: readonly string[];
  readonly queue?: string | undefined;
  /** Messages moved in a second at most, 500 at most. @default as fast as SQS likes */
  readonly perSecond?: number | undefined;
  /** Shows the dead letters, and moves none. @default false */
  readonly dryRun?: boolean;
  /** Lines that tell of dead letters before the question. */
  readonly describe: (letters: DeadLetters) => string;
}

export type RedriveResult = ResultOf<typeof redriveSchema>;

/** Moves dead letters back to their queue, after a question. @throws TandemError `declined`, and those of the room */
export async function redrive(context: ActionContext, options: RedriveOptions): Promise<RedriveResult> {
  const { environment, queue: name, perSecond, dryRun = false } = options;
  const ids = new Set(options.ids);
  return await withJobs(context, environment, async ({ cluster }) => {
    const queue = queueOf(cluster.places, environment, name);
    const letters = await lookAtDeadLetters(cluster, queue);
    const before = { environment, queue: queue.name, deadLetters: letters.count, shown: letters.shown };
    if (letters.count === 0 || dryRun) return { ...before, moved: 0, missing: letters.count === 0 ? [...ids] : [] };
    const what =
      ids.size === 0 ? counted(letters.count, 'dead letter') : `the dead letters of ${counted(ids.size, 'job')}`;
    const text = `Move ${what} back to queue ${queue.name} of ${environment}?`;
    const question = { code: 'redrive', text, details: options.describe(letters), hasDryRun: true };
    if (!(await context.io.confirm(question))) throw declined();
    const { now, signal } = context;
    const props = { now, signal, perSecond, onProgress: progressOf(context, 'moving dead letters') };
    if (ids.size === 0) return { ...before, moved: await moveAll(cluster, letters, props), missing: [] };
    const moved = new Set(await moveThese(cluster, letters, ids, props));
    return { ...before, moved: moved.size, missing: [...ids].filter((id) => !moved.has(id)) };
  });
}
