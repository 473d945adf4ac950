import { partsOf } from '../../stack/id.ts';
import type { AttributeChange, StackPlan } from '../model.ts';

/** Attributes in which ownership is written: owner and dates there are a lease's own. */
const OWNED = /^(?:all_)?(?:tags|metadata|description)(?:\.|$)/;
/** Attributes whose value is the hash of a text that holds the stack's own names. */
const HASHED = /^user_data$/;
const HASH = /(?<![0-9a-f-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64})(?![0-9a-f-])/g;
const ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;

/** Text without what is only one stack's: equal for two stacks that differ in nothing but that. */
export interface Neutral {
  readonly text: (text: string) => string;
  readonly attribute: (attribute: AttributeChange) => unknown;
  /** Whether a file is the stack's own, such as its lease. */
  readonly isOwnFile: (file: string) => boolean;
}

/**
 * What makes a stack's own names neutral: its lease's, else its cloud's or environment's; in tags and descriptions owner and dates;
 * ids and addresses that a cloud gave, and hashes of text with names. Everything else keeps its say: an address that is opened, or
 * an image's id, is nobody's own.
 */
export function neutralOf(stack: StackPlan): Neutral {
  const { lease, owner, isPart } = partsOf(stack.id);
  const name = lease ?? (isPart ? owner : '');
  const text = isAmbiguous(name, stack) ? (each: string) => each : replacer(name);
  const of = (path: string, isGiven: boolean) => (each: string) => {
    let result = text(each);
    if (lease !== undefined && OWNED.test(path))
      result = result.replace(/[^\s=,()"]+@[^\s=,()"]+/g, '<owner>').replace(/\d{4}-\d\d-\d\d/g, '<date>');
    if (isGiven || HASHED.test(path)) result = result.replace(HASH, '<id>');
    return isGiven ? result.replace(ADDRESS, '<address>') : result;
  };
  return {
    text,
    attribute: ({ path, before, after, ...rest }) => {
      const write = of(path, rest.afterUnknown);
      return [text(path), deep(before, write), deep(after, of(path, false)), rest];
    },
    isOwnFile: (file) => name !== '' && file.endsWith(`/${name}.yaml`),
  };
}

/** A name that is also a word of the stack's addresses, such as a tier's, says nothing about whose a value is. */
function isAmbiguous(name: string, { changes }: StackPlan): boolean {
  return (
    name.length < 2 || changes.some(({ address }) => address.split(/[^a-z0-9-]+/i).some((word) => words(word, name)))
  );
}

function words(word: string, name: string): boolean {
  return word === name || word.startsWith(`${name}-`) || word.endsWith(`-${name}`) || word.includes(`-${name}-`);
}

function replacer(name: string): (text: string) => string {
  const pattern = new RegExp(`(?<![a-zA-Z0-9])${name.replace(/[.]/g, '\\.')}(?![a-zA-Z0-9])`, 'g');
  return (text) => text.replace(pattern, '*');
}

function deep(value: unknown, write: (text: string) => string): unknown {
  if (typeof value === 'string') return write(value);
  if (Array.isArray(value)) return value.map((each) => deep(each, write));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [write(key), deep(inner, write)]));
}
