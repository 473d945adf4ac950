import { leaves } from '../../../plan/difference/differences.ts';
import type { AttributeChange, BareChange } from '../../../plan/model.ts';
import { PLAIN, replacementReasons, toAttribute } from './diff-block.ts';
import { isMeta, lifecycleOf } from './lifecycle.ts';
import { type Reference, referencesIn } from './references.ts';
import type { Block, Root } from './root.ts';

/**
 * What follows from changes: a resource that refers to a replaced one, in an argument that cannot be changed in place, is replaced
 * with it; one that names another in `replace_triggered_by` follows its changes; a value that only a new resource can tell is
 * unknown until then.
 */
export function withConsequences(changes: readonly BareChange[], after: Root): BareChange[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const resources = [...after.blocks.values()].filter((block) => block.kind === 'resource');
  // Where everything is new, nothing follows from anything.
  if (changes.some((change) => change.action !== 'create')) spread(byAddress, resources, after);
  return [...byAddress.values()].map((change) => withUnknowns(change, byAddress, after));
}

function spread(byAddress: Map<string, BareChange>, resources: readonly Block[], after: Root): void {
  const users = usersOf(resources);
  const triggers = triggersOf(resources);
  const queue = [...byAddress.values()].filter((change) => !change.noise && change.action !== 'create');
  for (let cause = queue.shift(); cause !== undefined; cause = queue.shift()) {
    for (const { block, paths } of cause.action === 'replace' ? (users.get(cause.address) ?? []) : []) {
      const touched = paths.filter(
        ({ reference }) => !isLiteral(after.blocks.get(reference.address), reference.attribute),
      );
      const next =
        touched.length === 0 ? undefined : follow(byAddress.get(block.address), block, touched, cause.address);
      if (next === undefined) continue;
      byAddress.set(block.address, next);
      queue.push(next);
    }
    for (const { block, reference } of triggers.get(cause.address) ?? []) {
      const next = trigger(byAddress.get(block.address), block, reference, cause);
      if (next === undefined) continue;
      byAddress.set(block.address, next);
      queue.push(next);
    }
  }
}

interface Use {
  readonly path: string;
  readonly value: string;
  readonly reference: Reference;
}

function usersOf(resources: readonly Block[]): Map<string, { block: Block; paths: Use[] }[]> {
  const users = new Map<string, Map<string, { block: Block; paths: Use[] }>>();
  for (const block of resources) {
    for (const [path, value] of leaves(block.body)) {
      if (typeof value !== 'string' || isMeta(path)) continue;
      for (const reference of referencesIn(value)) {
        const ofTarget = users.get(reference.address) ?? new Map<string, { block: Block; paths: Use[] }>();
        users.set(reference.address, ofTarget);
        const known = ofTarget.get(block.address) ?? { block, paths: [] };
        ofTarget.set(block.address, known);
        known.paths.push({ path, value, reference });
      }
    }
  }
  return new Map([...users].map(([address, byUser]) => [address, [...byUser.values()]]));
}

function triggersOf(resources: readonly Block[]): Map<string, { block: Block; reference: Reference }[]> {
  const triggers = new Map<string, { block: Block; reference: Reference }[]>();
  for (const block of resources) {
    for (const reference of lifecycleOf(block.body).replaceTriggeredBy)
      triggers.set(reference.address, [...(triggers.get(reference.address) ?? []), { block, reference }]);
  }
  return triggers;
}

/** An argument that is written down keeps its value in the new resource. */
function isLiteral(target: Block | undefined, attribute: string): boolean {
  const value = target?.body[attribute];
  return value !== undefined && value !== null && !JSON.stringify(value).includes('${');
}

function follow(
  known: BareChange | undefined,
  block: Block,
  uses: readonly Use[],
  replaced: string,
): BareChange | undefined {
  if (known?.action === 'create' || known?.action === 'import') return undefined;
  const reason = `refers to ${replaced}, which is replaced`;
  if (known?.reasons.includes(reason) === true) return undefined;
  const present = new Set(known?.attributes.map((each) => each.path));
  const attributes = uses
    .filter((use) => !present.has(use.path) && !lifecycleOf(block.body).ignores(use.path))
    .map(
      (use): AttributeChange => ({
        ...toAttribute(block.type, { path: use.path, before: use.value, after: use.value }),
        afterUnknown: true,
      }),
    );
  const all = [...(known?.attributes ?? []), ...attributes];
  if (all.length === 0) return undefined;
  const isReplaced = known?.action === 'replace' || attributes.some((each) => each.forcesReplacement);
  return {
    ...PLAIN,
    address: block.address,
    type: block.type,
    action: isReplaced ? 'replace' : 'update',
    reasons: [
      ...(known?.noise === true ? [] : (known?.reasons ?? [])),
      reason,
      ...(isReplaced && known?.action !== 'replace' ? replacementReasons(block) : []),
    ],
    attributes: all.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function trigger(
  known: BareChange | undefined,
  block: Block,
  { address, attribute }: Reference,
  cause: BareChange,
): BareChange | undefined {
  if (known?.action === 'create' || known?.action === 'replace' || known?.action === 'import') return undefined;
  const isHit =
    attribute === '' ||
    cause.action === 'replace' ||
    cause.attributes.some((each) => each.path.split('.')[0] === attribute);
  if (!isHit || cause.action === 'move' || cause.action === 'forget') return undefined;
  const what = attribute === '' ? address : `${address}.${attribute}`;
  return {
    ...(known ?? { ...PLAIN, address: block.address, type: block.type, attributes: [] }),
    action: 'replace',
    noise: false,
    reasons: [
      ...(known?.noise === false ? known.reasons : []),
      `lifecycle.replace_triggered_by: ${what} changes`,
      ...replacementReasons(block),
    ],
  };
}

function withUnknowns(change: BareChange, byAddress: ReadonlyMap<string, BareChange>, after: Root): BareChange {
  if (change.action === 'delete' || change.action === 'forget') return change;
  const isUnknown = (text: string): boolean =>
    referencesIn(text).some(({ address, attribute }) => {
      const action = byAddress.get(address)?.action;
      return (action === 'create' || action === 'replace') && !isLiteral(after.blocks.get(address), attribute);
    });
  const attributes = change.attributes.map((each) => {
    if (each.afterUnknown || each.after === null) return each;
    const text = typeof each.after === 'string' ? each.after : JSON.stringify(each.after);
    return isUnknown(text) ? { ...each, afterUnknown: true } : each;
  });
  return { ...change, attributes };
}
