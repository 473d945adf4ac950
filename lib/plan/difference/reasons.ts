import { firstOf } from '../../text/listed.ts';

/** Names that a reason has before it only counts. */
const NAMED = 3;

/** Reasons that differ only in what is referred to, as one: `refers to a, b, which are replaced`. The others stay as they are, in place. */
export function joinReferences(reasons: readonly string[]): string[] {
  const joined = new Map<string, { plural: string; names: string[] }>();
  const keys = reasons.map((reason) => {
    const [, name, verb, rest] = /^refers to (\S+), which (is|changes)( replaced)?$/.exec(reason) ?? [];
    if (name === undefined || verb === undefined) return reason;
    const key = `which ${verb}${rest ?? ''}`;
    const known = joined.get(key) ?? { plural: verb === 'is' ? 'which are replaced' : 'which change', names: [] };
    known.names.push(name);
    joined.set(key, known);
    return key;
  });
  return [...new Set(keys)].map((key) => {
    const found = joined.get(key);
    if (found === undefined) return key;
    const { names, plural } = found;
    if (names.length === 1) return `refers to ${names[0] ?? ''}, ${key}`;
    return `refers to ${firstOf(names, NAMED)}, ${plural}`;
  });
}
