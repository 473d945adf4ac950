import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type StackId, stackIdSchema } from '../stack/id.ts';
import type { Broken } from './broken.ts';
import type { HeldLock } from './lock.ts';

/** A run that changes clouds or leases: what is gone on with after an interruption. */
export interface Operation {
  /** `deploy`, `destroy`, `env create` and so on. */
  readonly verb: string;
  /** Stack ids that it changes. */
  readonly stacks: readonly StackId[];
  /** Who runs it, as `user@host`. */
  readonly by: string;
  /** Commit of the configuration; empty outside a repository. */
  readonly commit: string;
  /** Arguments that a resume needs; never a secret. */
  readonly arguments: Readonly<Record<string, string | number | boolean | null>>;
  /**
   * What goes on with it after an interruption: `deploy` where that is `tandem deploy --resume`, else the whole command.
   * @default deploy
   */
  readonly resume?: string;
}

/** One effect on a cloud, or on files: written down before it begins. */
export interface Step {
  readonly operation: string;
  /** Unique within the operation and stable across resumes, e.g. `apply openstack/paris/dev/alice`. */
  readonly key: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Who the clouds say that we are, such as an ARN; never a secret. @default - no cloud was asked yet */
  readonly as?: readonly string[];
}

export type Outcome = 'succeeded' | 'failed' | 'abandoned';

export interface UnfinishedOperation extends Operation {
  readonly id: string;
  readonly resume: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Keys of steps that are done, and those that were begun and never marked done. */
  readonly done: readonly string[];
  readonly begun: readonly string[];
  /** Why parts of its journal cannot be read; undefined where all can. What they told may have happened. */
  readonly broken?: string;
}

/** What a person types to go on with an operation. @param resume as the journal has it */
export function wayOn(resume: string): string {
  return resume === 'deploy' ? 'tandem deploy --resume' : resume;
}

export interface FinishedOperation extends UnfinishedOperation {
  readonly endedAt: string;
  readonly outcome: Outcome;
  readonly reason: string;
}

export interface ChainBreak {
  readonly operation: string;
  /** What was removed, changed or put in, in one sentence. */
  readonly why: string;
}

/** An operation as its journal tells it. */
export interface ToldOperation {
  readonly operation: UnfinishedOperation | FinishedOperation;
  readonly entries: readonly JournalEntry[];
  /** `unchained`: written by a version of Tandem that did not chain entries. */
  readonly chain: 'whole' | 'broken' | 'unchained';
  readonly breaks: readonly ChainBreak[];
}

/** Append-only; an entry is on disk before its effect begins, and marked done after it. */
export interface Journal {
  /** Writes the beginning down and gives the operation's id: the given one, or a new one. */
  begin(operation: Operation, id?: string): Promise<string>;
  /** @param under - Locks that must still be held for the entry to be written. @throws TandemError `lock-lost` */
  intend(step: Step, under?: readonly HeldLock[]): Promise<void>;
  done(step: Pick<Step, 'operation' | 'key'>, result: unknown, under?: readonly HeldLock[]): Promise<void>;
  end(operation: string, outcome: Outcome, reason?: string, under?: readonly HeldLock[]): Promise<void>;
  /**
   * Operations without an end, oldest first: interrupted, or still running somewhere (then they hold their stacks' locks). Parts that cannot
   * be read hide none: `onBroken` is told of them.
   */
  open(): Promise<readonly UnfinishedOperation[]>;
  broken(): Promise<readonly Broken[]>;
  /** What an operation wrote, in order, as far as it can be read. */
  entries(operation: string): Promise<readonly JournalEntry[]>;
  /** Operations that ended, newest first. */
  history(limit: number): Promise<readonly FinishedOperation[]>;
  /** Operations that ended and those that did not, newest first, each read when it is asked for. */
  tell(): AsyncIterable<ToldOperation>;
  /** All of one operation; undefined where there is none. */
  tellOf(operation: string): Promise<ToldOperation | undefined>;
  /** Where entries of the newest operations were changed, removed or put in, as far as hashes tell. @param limit - Operations */
  breaks(limit: number): Promise<readonly ChainBreak[]>;
  /** Removes the parts of an unfinished operation's journal that cannot be read, after they were copied into a local folder. Gives the copy's path. */
  setAside(operation: string, folder: string): Promise<string>;
}

/** Of every entry. */
const common = {
  format: z.literal('tandem.journal/1'),
  operation: z.string(),
  at: z.string(),
  /** By stack: the token of the lock under which an entry was written. */
  tokens: z.record(z.string(), z.int()).optional(),
};
/** SHA-256 of the operation's entry before this one, in hex; entries of earlier versions have none. */
const previous = z.string().optional();

/** Format `tandem.journal/1`: one JSON object a line. */
export const journalEntrySchema = z.discriminatedUnion('entry', [
  z.strictObject({
    ...common,
    entry: z.literal('begin'),
    verb: z.string(),
    stacks: z.array(stackIdSchema),
    by: z.string(),
    commit: z.string(),
    arguments: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    resume: z.string().optional(),
    /** Last entries of other operations when this one began. */
    after: z.array(z.strictObject({ operation: z.string(), hash: z.string() })).optional(),
  }),
  z.strictObject({
    ...common,
    entry: z.literal('intend'),
    key: z.string(),
    detail: z.record(z.string(), z.unknown()),
    as: z.array(z.string()).optional(),
    previous,
  }),
  z.strictObject({ ...common, entry: z.literal('done'), key: z.string(), result: z.unknown(), previous }),
  z.strictObject({
    ...common,
    entry: z.literal('end'),
    outcome: z.enum(['succeeded', 'failed', 'abandoned']),
    reason: z.string(),
    previous,
  }),
]);

export type JournalEntry = z.output<typeof journalEntrySchema>;

/** An id that sorts by time, to the millisecond, and that two machines never make at once: `20261121T032210123-9f3a1c`. */
export function newOperationId(now = new Date()): string {
  return `${now.toISOString().replace(/[-:.Z]/g, '')}-${randomBytes(3).toString('hex')}`;
}

/** What an operation's entries add up to; undefined where not even its beginning was written. Pure. @param broken - Why some cannot be read */
export function replay(
  entries: readonly JournalEntry[],
  broken?: string,
): UnfinishedOperation | FinishedOperation | undefined {
  const first = entries.find((entry) => entry.entry === 'begin');
  if (first === undefined) return undefined;
  const done = new Set<string>();
  const begun = new Set<string>();
  let end: Extract<JournalEntry, { entry: 'end' }> | undefined;
  for (const entry of entries) {
    if (entry.entry === 'intend' && !done.has(entry.key)) begun.add(entry.key);
    if (entry.entry === 'done') {
      done.add(entry.key);
      begun.delete(entry.key);
    }
    if (entry.entry === 'end') end = entry;
  }
  const { operation, at, verb, stacks, by, commit, resume = 'deploy' } = first;
  const replayed = {
    ...{ id: operation, startedAt: at, verb, stacks, by, commit, arguments: first.arguments, resume },
    done: [...done],
    begun: [...begun],
    ...(broken === undefined ? {} : { broken }),
  };
  return end === undefined ? replayed : { ...replayed, endedAt: end.at, outcome: end.outcome, reason: end.reason };
}

export function isFinished(operation: UnfinishedOperation): operation is FinishedOperation {
  return 'outcome' in operation;
}

/** An operation whose beginning cannot be read, from what can: its id tells when, its steps tell of which stacks. Pure. */
export function replayHeadless(id: string, entries: readonly JournalEntry[], broken: string) {
  const keys = entries.flatMap((entry) => ('key' in entry ? [entry.key] : []));
  const stacks = keys.flatMap((key) => key.split(' ').flatMap((word) => stackIdSchema.safeParse(word).data ?? []));
  const [, date = '', time = ''] = /^(\d{8})T(\d{6})-/.exec(id) ?? [];
  const startedAt =
    date === ''
      ? ''
      : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z`;
  const operation = { verb: 'unknown', stacks: [...new Set(stacks)], by: 'unknown', commit: '', arguments: {} };
  return replay([{ ...beginEntry(operation, id), at: startedAt }, ...entries], broken);
}

/** The entries that a journal writes, stamped. */
export function entryOf<T extends { readonly entry: JournalEntry['entry'] }>(entry: T) {
  return { format: 'tandem.journal/1' as const, at: new Date().toISOString(), ...entry };
}

/** The first entry of an operation. */
export function beginEntry(operation: Operation, id: string) {
  const { verb, stacks, by, commit, arguments: given, resume } = operation;
  const entry = { operation: id, verb, stacks: [...stacks], by, commit, arguments: { ...given } };
  return entryOf({ entry: 'begin' as const, ...entry, ...(resume === undefined ? {} : { resume }) });
}
