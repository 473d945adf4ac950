import { hash } from 'node:crypto';

/** A name of at most so many characters: a longer one is cut, and ends in a digest of itself. */
export function boundedName(name: string, longest: number, separator: '-' | '_'): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}${separator}${hash('sha256', name).slice(0, 8)}`;
}
