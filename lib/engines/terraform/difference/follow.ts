import { leaves } from '../../../plan/difference/differences.ts';
import type { AttributeChange, BareChange } from '../../../plan/model.ts';
import { PLAIN, replacementReasons, toAttribute } from './diff-block.ts';
import { isMeta, lifecycleOf } from './lifecycle.ts';
import { inExpression, type Reference, referencesIn } from './references.ts';
import type { Block } from './root.ts';

/** A place in a block that refers to another. */
export interface Use {
  readonly path: string;
  readonly value: string;
  readonly reference: Reference;
}

/** Every reference of a block, those of `depends_on` included. */
export function* usesIn(block: Block): Iterable<Use> {
  for (const [path, value] of leaves(block.body)) {
    if (typeof value !== 'string') continue;
    const references = path.startsWith('depends_on') ? inExpression(value) : isMeta(path) ? [] : referencesIn(value);
    for (const reference of references) yield { path, value, reference };
  }
}

/**
 * A reader of something that changes, with the values that it reads; undefined where that is nothing new.
 * @param known what is known of the reader so far
 * @param uses the places that get another value
 */
export function followUses(
  known: BareChange | undefined,
  block: Block,
  uses: readonly Use[],
  cause: BareChange,
): BareChange | undefined {
  if (known !== undefined && known.action !== 'update' && known.action !== 'replace' && known.action !== 'move')
    return undefined;
  const present = new Set(known?.attributes.map((each) => each.path));
  const lifecycle = lifecycleOf(block.body);
  const effective = uses.filter((use) => isMeta(use.path) || !lifecycle.ignores(use.path));
  const attributes = effective
    .filter((use) => !isMeta(use.path) && !present.has(use.path))
    .map((use) => followed(block, use, cause));
  const reason = reasonOf(cause, block);
  const isNew = attributes.length > 0 || known === undefined || known.noise;
  if (effective.length === 0 || (!isNew && known.reasons.includes(reason))) return undefined;
  const all = [...(known?.attributes ?? []), ...attributes].sort((a, b) => (a.path < b.path ? -1 : 1));
  const forced = attributes.some((each) => each.forcesReplacement);
  const isReplaced = known?.action === 'replace' || (block.kind === 'resource' && forced);
  const reasons = [
    ...(known === undefined || known.noise ? [] : known.reasons),
    reason,
    ...(isReplaced && known?.action !== 'replace' ? replacementReasons(block) : []),
  ];
  return {
    ...PLAIN,
    address: block.address,
    type: block.kind === 'resource' || block.kind === 'data' ? block.type : block.kind,
    action: isReplaced ? 'replace' : 'update',
    reasons: [...new Set(reasons)],
    attributes: all,
  };
}

/** A value that is nothing but the reference is known where the other one is. */
function followed(block: Block, { path, value, reference }: Use, cause: BareChange): AttributeChange {
  const attribute = toAttribute(block.type, { path, before: value, after: value });
  const told =
    value === `\${${reference.address}.${reference.attribute}}`
      ? cause.attributes.find((each) => each.path === reference.attribute)
      : undefined;
  if (told === undefined) return { ...attribute, afterUnknown: true };
  const { before, after, afterUnknown } = told;
  return { ...attribute, before, after, afterUnknown, sensitive: attribute.sensitive || told.sensitive };
}

function reasonOf({ address, action }: BareChange, { kind }: Block): string {
  const verb = kind === 'data' ? 'asks by' : 'refers to';
  if (address.startsWith('data.')) return `${verb} ${address}, which looks up something else`;
  return `${verb} ${address}, which ${action === 'replace' ? 'is replaced' : 'changes'}`;
}
