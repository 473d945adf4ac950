import { z } from 'zod';
import { matcherOf } from '../stack/select.ts';
import { isFinished, type JournalEntry, type ToldOperation } from '../state/journal.ts';
import type { Described } from '../text/described.ts';

/** One operation, as people ask about it. */
export const historyEntrySchema = z.strictObject({
  operation: z.string(),
  verb: z.string(),
  stacks: z.array(z.string()),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** Null while it has no end. */
  endedAt: z.string().nullable(),
  seconds: z.number().nullable(),
  /** `running`: it holds its locks; `unfinished`: it was interrupted. */
  outcome: z.enum(['succeeded', 'failed', 'abandoned', 'running', 'unfinished']),
  /** Why it failed or was abandoned; empty where it was not. */
  reason: z.string(),
  /** `user@host` */
  by: z.string(),
  /** Who the clouds say that acted: ARNs, users with their projects. */
  as: z.array(z.string()),
  /** Who approved the bundle that it executed; null where it executed none. */
  approvedBy: z.string().nullable(),
  bundle: z.string().nullable(),
  /** Of the configuration; empty outside a repository. */
  commit: z.string(),
  /** Carried out, by action. */
  changes: z.record(z.string(), z.number()),
  chain: z.enum(['whole', 'broken', 'unchained']),
});

export type HistoryEntry = Described<typeof historyEntrySchema>;

export const historyStepSchema = z.strictObject({
  key: z.string(),
  startedAt: z.string(),
  /** Null where it was begun and not marked done. */
  endedAt: z.string().nullable(),
  as: z.array(z.string()),
  /** What it set out to change, such as `create aws_instance.a`. */
  actions: z.array(z.string()),
});

export type HistoryStep = Described<typeof historyStepSchema>;

export interface HistoryQuery {
  /** Ids, globs or short names; an operation on any of them. @default - all */
  readonly stacks?: readonly string[] | undefined;
  readonly since?: Date | undefined;
  /** Part of who ran, acted or approved, whatever its case. */
  readonly by?: string | undefined;
  /** `deploy`, `env create`; its first word means all that begin with it. */
  readonly verb?: string | undefined;
}

/** Of one operation. Pure. @param running - Operations that hold a lock */
export function historyEntry({ operation, entries, chain }: ToldOperation, running: ReadonlySet<string>): HistoryEntry {
  const { id, verb, stacks, startedAt, by, commit, arguments: given } = operation;
  const end = isFinished(operation) ? operation : undefined;
  const text = (name: string): string | null => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    ...{ operation: id, verb, stacks, startedAt, by, commit, chain },
    endedAt: end?.endedAt ?? null,
    seconds: end === undefined ? null : secondsBetween(startedAt, end.endedAt),
    outcome: end?.outcome ?? (running.has(id) ? 'running' : 'unfinished'),
    reason: end?.reason ?? operation.broken ?? '',
    as: [...new Set(entries.flatMap((entry) => (entry.entry === 'intend' ? (entry.as ?? []) : [])))],
    approvedBy: text('approvedBy'),
    bundle: text('bundle'),
    changes: changesOf(entries),
  };
}

/** What an operation did, step by step; a step that a resume repeated is told once. Pure. */
export function historySteps(entries: readonly JournalEntry[]): HistoryStep[] {
  const steps = new Map<string, HistoryStep>();
  for (const entry of entries) {
    if (entry.entry === 'intend') {
      const { key, at, as = [], detail } = entry;
      const before = steps.get(key);
      steps.set(key, { key, startedAt: before?.startedAt ?? at, endedAt: null, as, actions: actionsOf(detail) });
    }
    const begun = entry.entry === 'done' ? steps.get(entry.key) : undefined;
    if (begun !== undefined) steps.set(begun.key, { ...begun, endedAt: entry.at });
  }
  return [...steps.values()];
}

/** Whether an operation is among those that are asked for. Pure. */
export function isAskedFor(entry: HistoryEntry, { stacks = [], since, by, verb }: HistoryQuery): boolean {
  if (since !== undefined && Date.parse(entry.startedAt) < since.getTime()) return false;
  if (verb !== undefined && entry.verb !== verb && !entry.verb.startsWith(`${verb} `)) return false;
  const people = [entry.by, ...entry.as, entry.approvedBy ?? ''].map((each) => each.toLowerCase());
  if (by !== undefined && !people.some((each) => each.includes(by.toLowerCase()))) return false;
  const matches = stacks.map(matcherOf);
  return matches.length === 0 || entry.stacks.some((id) => matches.some((isMeant) => isMeant(id as never)));
}

/** Of what was carried out; earlier versions noted no counts, but what they set out to do. */
function changesOf(entries: readonly JournalEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const intended = new Map<string, readonly string[]>();
  for (const entry of entries) {
    if (entry.entry === 'intend') intended.set(entry.key, actionsOf(entry.detail));
    if (entry.entry !== 'done') continue;
    const told = countsIn(entry.result);
    const all = told ?? (intended.get(entry.key) ?? []).map((each): [string, number] => [each.split(' ')[0] ?? '', 1]);
    for (const [action, count] of all) counts[action] = (counts[action] ?? 0) + count;
  }
  return counts;
}

function countsIn(result: unknown): [string, number][] | undefined {
  if (typeof result !== 'object' || result === null || !('changes' in result)) return undefined;
  const { changes } = result;
  if (typeof changes !== 'object' || changes === null) return undefined;
  return Object.entries(changes).filter((each): each is [string, number] => typeof each[1] === 'number');
}

/** What a step set out to change, as its entry has it: `create aws_instance.a`. */
export function actionsOf({ actions }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(actions) ? actions.filter((each) => typeof each === 'string') : [];
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
