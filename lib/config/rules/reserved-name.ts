import type { Problem } from '../diagnostic.ts';
import type { Origin } from '../origin.ts';

/** Words that `from` of a rule gives a meaning of their own. */
const RESERVED = ['world', 'environment', 'link'];

/** What is said against a name of something that rules name by it. */
export function reservedName(at: Origin, name: string): Problem[] {
  if (!RESERVED.includes(name)) return [];
  return [
    at.problem('reserved-name', `got "${name}"; the word is reserved in rules`, 'choose another name', { key: true }),
  ];
}
