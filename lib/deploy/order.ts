import { foundationOf, type StackId } from '../stack/id.ts';
import type { Target } from './ports.ts';

/** A stack that comes after others, though its definition does not say so. */
interface Later {
  readonly id: StackId;
  readonly after?: readonly { readonly stack: StackId }[];
}

/**
 * Targets that must be finished before each may begin. Removal goes the other way round: what depends is removed first. Pure.
 */
export function prerequisites(
  targets: readonly Target[],
  later: readonly Later[] = [],
): Map<StackId, readonly StackId[]> {
  const byId = new Map(targets.map((target) => [target.stack.id, target]));
  const before = new Map<StackId, StackId[]>(targets.map((target) => [target.stack.id, []]));
  for (const target of targets) {
    for (const id of needsOf(target)) {
      const needed = byId.get(id);
      if (needed === undefined) continue;
      if (target.destroy && needed.destroy) before.get(id)?.push(target.stack.id);
      else if (!target.destroy) before.get(target.stack.id)?.push(id);
      // What is removed does not wait for what it stood on to be changed, but that must not go first.
      else before.get(id)?.push(target.stack.id);
    }
  }
  for (const { id, after = [] } of later)
    for (const { stack: giver } of after)
      if (byId.get(giver)?.destroy === false && !comesAfter(giver, id, before)) before.get(id)?.push(giver);
  return before;
}

/** Whether a stack has to wait for another, however far above. */
function comesAfter(id: StackId, other: StackId, before: ReadonlyMap<StackId, readonly StackId[]>): boolean {
  const seen = new Set<StackId>([id]);
  for (const each of seen) for (const needed of before.get(each) ?? []) seen.add(needed);
  return seen.has(other);
}

/** What a stack stands on. One that left the configuration is known by its artefact alone; its id says the rest. */
function needsOf({ stack }: Target): readonly StackId[] {
  const foundation = foundationOf(stack.id);
  return [...new Set([...stack.dependsOn, ...(foundation === undefined ? [] : [foundation])])];
}

/**
 * Runs every target as soon as those before it are through, at most `parallelism` at once. Where one fails or is skipped, what waits
 * for it is skipped; everything else goes on.
 */
export async function runInOrder<T>(
  before: ReadonlyMap<StackId, readonly StackId[]>,
  parallelism: number,
  run: (id: StackId) => Promise<T>,
): Promise<Map<StackId, PromiseSettledResult<T> | 'skipped'>> {
  const outcomes = new Map<StackId, PromiseSettledResult<T> | 'skipped'>();
  const running = new Map<StackId, Promise<void>>();
  const waiting = new Set(before.keys());
  const stateOf = (id: StackId): 'ready' | 'blocked' | 'doomed' => {
    const needed = before.get(id) ?? [];
    if (needed.some((each) => isLost(outcomes.get(each)))) return 'doomed';
    return needed.every((each) => outcomes.has(each)) ? 'ready' : 'blocked';
  };
  while (waiting.size > 0 || running.size > 0) {
    for (const id of [...waiting]) {
      const state = stateOf(id);
      if (state === 'blocked' || (state === 'ready' && running.size >= parallelism)) continue;
      waiting.delete(id);
      if (state === 'doomed') {
        outcomes.set(id, 'skipped');
        continue;
      }
      const work = Promise.allSettled([run(id)]).then(([outcome]) => {
        outcomes.set(id, outcome);
        running.delete(id);
      });
      running.set(id, work);
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0 && [...waiting].every((id) => stateOf(id) === 'blocked'))
      throw new Error(`stacks depend on each other in a cycle: ${[...waiting].join(', ')}`);
  }
  return outcomes;
}

function isLost(outcome: PromiseSettledResult<unknown> | 'skipped' | undefined): boolean {
  return outcome === 'skipped' || (outcome !== undefined && outcome.status === 'rejected');
}
