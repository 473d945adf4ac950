import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'stacks/policies';

/** The modules of a project's own policies, relative to its root, sorted. */
export function policyModules(root: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(root, FOLDER));
  } catch {
    return [];
  }
  const isModule = (name: string) => /\.ts$/.test(name) && !/\.(?:test|d)\.ts$/.test(name);
  return names
    .filter(isModule)
    .sort()
    .map((name) => `${FOLDER}/${name}`);
}
