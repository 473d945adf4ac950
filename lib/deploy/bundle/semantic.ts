import { isResource } from '../../plan/is-resource.ts';
import type { Change, Plan, StackPlan } from '../../plan/model.ts';
import { compareIds } from '../../stack/id.ts';
import { digestOf } from '../../stack/synthesized.ts';

/**
 * Digest of what a plan does: what happens to which resource, and the values that change. Lines of the configuration, wording, findings
 * and cost are left out, so that two plans with equal digests do the same. Pure.
 */
export function semanticDigest({ stacks }: Pick<Plan, 'stacks'>): string {
  const meant = [...stacks].sort((a, b) => compareIds(a.id, b.id)).map(meaningOf);
  return digestOf(JSON.stringify(meant));
}

/** What of a live plan was not approved, a line each; empty where they do the same. Pure. */
export function semanticDifference(approved: Pick<Plan, 'stacks'>, live: Pick<Plan, 'stacks'>): string[] {
  const before = new Map(approved.stacks.map((stack) => [stack.id, stack]));
  const now = new Map(live.stacks.map((stack) => [stack.id, stack]));
  return [...new Set([...before.keys(), ...now.keys()])].sort(compareIds).flatMap((id) => {
    const [was, is] = [before.get(id), now.get(id)];
    if (was === undefined) return [`${id}: not in the bundle`];
    if (is === undefined) return [`${id}: in the bundle alone`];
    return stackDifference(was, is).map((line) => `${id}: ${line}`);
  });
}

function stackDifference(approved: StackPlan, live: StackPlan): string[] {
  const [was, is] = [meaningOf(approved), meaningOf(live)];
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  const lines: string[] = [];
  if (was.waits.join() !== is.waits.join())
    lines.push(is.waits.length === 0 ? 'no longer waits' : `waits for ${is.waits.join(', ')}`);
  if (was.reverts !== is.reverts && is.reverts !== '')
    lines.push(`reverts ${is.reverts.slice(0, 10)}, which was deployed since`);
  const old = new Map(was.changes.map((change) => [change.address, change]));
  for (const change of is.changes) {
    const before = old.get(change.address);
    old.delete(change.address);
    if (before === undefined) lines.push(`${change.action} ${change.address} is new`);
    else if (before.action !== change.action)
      lines.push(`${change.action} ${change.address}, where ${before.action} was approved`);
    else if (JSON.stringify(before) !== JSON.stringify(change))
      lines.push(`${change.action} ${change.address} has other values: ${pathsOf(before, change).join(', ')}`);
  }
  for (const { action, address } of old.values()) lines.push(`${action} ${address} is gone`);
  return lines.length > 0 ? lines : ['it means something else'];
}

type Meaning = ReturnType<typeof meaningOf>;

function meaningOf({ id, engine, status, changes, unresolvedInputs, ahead, target = {} }: StackPlan) {
  const meant = changes.filter((change) => change.action !== 'create' || isResource(change)).map(changeOf);
  return {
    ...{ id, engine, isRefused: status === 'error' || status === 'unknown-here' },
    reverts: ahead?.commit ?? '',
    target: Object.entries(target).sort(([a], [b]) => compareIds(a, b)),
    waits: status === 'waiting' ? unresolvedInputs.map(({ name, from }) => `${name} of ${from}`).sort() : [],
    changes: meant.sort((a, b) => compareIds(a.address, b.address)),
  };
}

function changeOf({ address, type, action, attributes }: Change) {
  const meant = attributes.map(({ path, before, after, afterUnknown, forcesReplacement, mac = '' }) => ({
    ...{ path, before: before ?? null, after: after ?? null, afterUnknown, forcesReplacement, mac },
  }));
  return { address, type, action, attributes: meant.sort((a, b) => compareIds(a.path, b.path)) };
}

function pathsOf(before: Meaning['changes'][number], after: Meaning['changes'][number]): string[] {
  const textOf = (change: typeof before) =>
    new Map(change.attributes.map((attribute) => [attribute.path, JSON.stringify(attribute)]));
  const [was, is] = [textOf(before), textOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path)).sort();
}
