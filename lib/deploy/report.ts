import { messageOf } from '../errors/tandem-error.ts';
import type { StackId } from '../stack/id.ts';
import type { StackReport, StackResult } from './ports.ts';

export type Outcome = PromiseSettledResult<StackResult> | 'skipped';

/** What became of each stack: in the order in which they ended, those that were not begun last. Pure. */
export function reportOf(
  outcomes: ReadonlyMap<StackId, Outcome>,
  before: ReadonlyMap<StackId, readonly StackId[]>,
): StackReport[] {
  const reports = [...outcomes].map(([id, outcome]): StackReport => {
    const idle = { id, seconds: 0, changes: 0 };
    if (outcome === 'skipped') return { ...idle, outcome: 'skipped', reason: skippedBecause(id, outcomes, before) };
    if (outcome.status === 'fulfilled') return outcome.value;
    return { ...idle, outcome: 'failed', reason: messageOf(outcome.reason) };
  });
  return reports.sort((a, b) => Number(a.outcome === 'skipped') - Number(b.outcome === 'skipped'));
}

/** Names what failed, however far below. */
export function skippedBecause(
  id: StackId,
  outcomes: ReadonlyMap<StackId, Outcome>,
  before: ReadonlyMap<StackId, readonly StackId[]>,
): string {
  const failed = new Set<StackId>();
  const seen = new Set<StackId>();
  const look = (at: StackId): void => {
    if (seen.has(at)) return;
    seen.add(at);
    for (const needed of before.get(at) ?? []) {
      const outcome = outcomes.get(needed);
      if (outcome === 'skipped') look(needed);
      else if (outcome?.status === 'rejected') failed.add(needed);
    }
  };
  look(id);
  return `it was not begun, since it comes after ${[...failed].sort().join(' and ')}`;
}
