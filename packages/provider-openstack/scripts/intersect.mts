/**
 * The shared part of two versions of the provider's schema.
 *
 * Bindings are generated from this and nothing else, so that an argument which one of the two versions
 * lacks cannot even be written.
 */
import type { Attribute, Block, NestedBlock } from './types.mts';

/** What both blocks have: attributes and nested blocks of one shape, settable only where both let one set them. */
export function intersectBlocks(older: Block, newer: Block): Block {
  return { attributes: sharedAttributes(older, newer), block_types: sharedBlockTypes(older, newer) };
}

function sharedAttributes(older: Block, newer: Block): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const [name, a] of sorted(older.attributes)) {
    const b = newer.attributes?.[name];
    if (b === undefined || !same(a.type, b.type)) continue;
    const merged = mergeAttribute(a, b);
    if (merged !== undefined) attributes[name] = merged;
  }
  return attributes;
}

/** Undefined for what the versions do not offer together, such as an argument here that is read-only there. */
function mergeAttribute(a: Attribute, b: Attribute): Attribute | undefined {
  const settable = isSettable(a) && isSettable(b);
  const computed = a.computed === true && b.computed === true;
  if (!settable && !computed) return undefined;
  const required = settable && (a.required === true || b.required === true);
  return {
    type: a.type,
    ...(required && { required }),
    ...(settable && !required && { optional: true }),
    ...(computed && !required && { computed }),
    ...((a.sensitive === true || b.sensitive === true) && { sensitive: true }),
  };
}

/** Whether configuration may give the attribute, rather than only read it. */
const isSettable = (attribute: Attribute): boolean => attribute.optional === true || attribute.required === true;

function sharedBlockTypes(older: Block, newer: Block): Record<string, NestedBlock> {
  const blocks: Record<string, NestedBlock> = {};
  for (const [name, a] of sorted(older.block_types)) {
    const b = newer.block_types?.[name];
    if (b === undefined || a.nesting_mode !== b.nesting_mode) continue;
    const min = Math.max(a.min_items ?? 0, b.min_items ?? 0);
    const max = Math.min(a.max_items ?? Infinity, b.max_items ?? Infinity);
    blocks[name] = {
      nesting_mode: a.nesting_mode,
      ...(min > 0 && { min_items: min }),
      ...(Number.isFinite(max) && { max_items: max }),
      block: intersectBlocks(a.block, b.block),
    };
  }
  return blocks;
}

const sorted = <T,>(record: Readonly<Record<string, T>> = {}): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
