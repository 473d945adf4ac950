import type { Position } from './aws/table.ts';
import { badPage } from './errors.ts';
import type { ClusterJobs } from './open.ts';
import { JOB_STATES, type JobRecord, type JobState } from './record.ts';

export interface JobQuery {
  /** @default all */
  readonly states?: readonly JobState[] | undefined;
  readonly queue?: string | undefined;
  /** ISO 8601. @default all */
  readonly since?: string | undefined;
  readonly limit: number;
  /** Of the page before. */
  readonly page?: string | undefined;
}

export interface JobPage {
  /** The newest first. */
  readonly jobs: readonly JobRecord[];
  /** Gives the next page; undefined at the end. */
  readonly next: string | undefined;
}

/** Where each state goes on; one that is not there is at its end. */
type Positions = Readonly<Partial<Record<JobState, Position | null>>>;

/** Jobs by the index, the newest first: states are read beside each other and merged. */
export async function listJobs({ table }: ClusterJobs, query: JobQuery): Promise<JobPage> {
  const { queue, since, limit, page } = query;
  const start = page === undefined ? undefined : positionsIn(page);
  const states = (query.states ?? JOB_STATES).filter((state) => start === undefined || state in start);
  const found = await Promise.all(
    states.map(async (state) => {
      const records: JobRecord[] = [];
      let at: Position | undefined = start?.[state] ?? undefined;
      // A page of the index may hold few, or none, of the queue.
      do {
        const read = await table.page({ state, queue, since, after: at, limit });
        records.push(...read.records);
        at = read.next;
      } while (at !== undefined && records.length < limit);
      return { state, records, hasMore: at !== undefined };
    }),
  );
  const merged = found
    .flatMap(({ records }, source) => records.map((record, index) => ({ record, source, index })))
    .sort((a, b) => newestFirst(a.record, b.record) || a.source - b.source || a.index - b.index)
    .slice(0, limit);
  const next = Object.fromEntries(
    found.flatMap(({ state, records, hasMore }, source): [JobState, Position | null][] => {
      const taken = merged.filter((each) => each.source === source);
      if (taken.length === records.length && !hasMore) return [];
      const last = taken.at(-1)?.record;
      return [[state, last === undefined ? (start?.[state] ?? null) : positionOf(last)]];
    }),
  );
  const jobs = merged.map(({ record }) => record);
  return { jobs, next: Object.keys(next).length === 0 ? undefined : pageOf(next) };
}

function newestFirst(a: JobRecord, b: JobRecord): number {
  if (a.submittedAt === b.submittedAt) return 0;
  return a.submittedAt > b.submittedAt ? -1 : 1;
}

function positionOf({ id, submittedAt }: JobRecord): Position {
  return { id, submittedAt };
}

function pageOf(positions: Positions): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

/** @throws TandemError `bad-page` */
function positionsIn(page: string): Positions {
  try {
    const content: unknown = JSON.parse(Buffer.from(page, 'base64url').toString('utf8'));
    if (typeof content === 'object' && content !== null && Object.entries(content).every(isPosition)) return content;
  } catch {
    // Told below.
  }
  throw badPage(page);
}

function isPosition([state, position]: [string, unknown]): boolean {
  if (!JOB_STATES.some((each) => each === state)) return false;
  if (position === null) return true;
  const { id, submittedAt } = (position ?? {}) as Partial<Position>;
  return typeof id === 'string' && typeof submittedAt === 'string';
}
