import { type HistoryEntry, type HistoryQuery, historyEntry, historySteps, isAskedFor } from '../../deploy/history.ts';
import type { DeployPorts } from '../../deploy/ports.ts';
import type { ToldOperation } from '../../state/journal.ts';
import { isDeadHere } from '../../state/lock.ts';
import { withClouds } from '../clouds.ts';
import { requireProject } from '../configuration.ts';
import type { ActionContext } from '../context.ts';
import type { ResultOf } from '../result-of.ts';
import { ambiguousOperation, noSuchOperation } from './errors.ts';
import type { historySchema } from './schema.ts';

export interface HistoryOptions extends Omit<HistoryQuery, 'since'> {
  /** Id of one operation, or as much of its beginning or end as only one has. @default - the newest */
  readonly operation?: string | undefined;
  /** Begun at that time or later. @default all */
  readonly since?: ((now: Date) => Date) | undefined;
  /** @default 20 */
  readonly limit?: number | undefined;
}

export type HistoryResult = ResultOf<typeof historySchema>;

const LIMIT = 20;

/** Who changed what, when, under whose approval, from which commit. Reads the journal alone; asks no cloud. */
export async function history(context: ActionContext, options: HistoryOptions): Promise<HistoryResult> {
  const { operation, limit = LIMIT, since, ...query } = options;
  const from = since?.(context.now());
  return await withClouds(context, requireProject(context), async (ports) => {
    const running = new Set(
      (await ports.locks.list()).flatMap((lock) => (isDeadHere(lock, ports.actor.host) ? [] : [lock.operation])),
    );
    if (operation !== undefined) {
      const told = await operationNamed(ports, operation);
      const entry = historyEntry(told, running);
      const breaks = (await ports.journal.breaks(LOOKED_AT)).filter((each) => each.operation === entry.operation);
      return {
        operations: [entry],
        steps: historySteps(told.entries),
        breaks: breaks.length > 0 ? breaks : told.breaks,
      };
    }
    const operations: HistoryEntry[] = [];
    let read = 0;
    for await (const told of ports.journal.tell()) {
      const entry = historyEntry(told, running);
      // Ids sort by the time of the beginning: what comes after is older.
      if (operations.length >= limit || (from !== undefined && Date.parse(entry.startedAt) < from.getTime())) break;
      read += 1;
      if (isAskedFor(entry, query)) operations.push(entry);
    }
    const breaks = await ports.journal.breaks(Math.min(read + 1, LOOKED_AT));
    const broken = new Set(breaks.map((each) => each.operation));
    return {
      operations: operations.map((each) => (broken.has(each.operation) ? { ...each, chain: 'broken' } : each)),
      steps: null,
      breaks,
    };
  });
}

/** Operations whose chain is looked at, at most. */
const LOOKED_AT = 200;

/** @throws TandemError `no-such-operation`, `ambiguous-operation` */
export async function operationNamed({ journal }: Pick<DeployPorts, 'journal'>, name: string): Promise<ToldOperation> {
  const exact = await journal.tellOf(name);
  if (exact !== undefined) return exact;
  const found: ToldOperation[] = [];
  for await (const told of journal.tell()) {
    const { id } = told.operation;
    if (name !== '' && (id.startsWith(name) || id.endsWith(name))) found.push(told);
  }
  const [only] = found;
  if (only === undefined) throw noSuchOperation(name);
  if (found.length > 1)
    throw ambiguousOperation(
      name,
      found.map(({ operation }) => operation.id),
    );
  return only;
}
