import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const TEST = join(import.meta.dirname, '../test');

/** Whether a file of tests holds a text, itself or in what it shares with other tests. */
export function whatReaches(text: string): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const reaches = (file: string): boolean => {
    const before = known.get(file);
    if (before !== undefined) return before;
    known.set(file, false);
    const content = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const imports = [...content.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) => resolve(dirname(file), path));
    const found = content.includes(text) || imports.some((path) => path.startsWith(join(TEST, '/')) && reaches(path));
    known.set(file, found);
    return found;
  };
  return reaches;
}
