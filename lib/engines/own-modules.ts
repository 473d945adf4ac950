import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The modules of a project's own stacks, relative to its root, sorted. */
export function customModules(root: string): string[] {
  return modulesIn(root, 'stacks/custom');
}

/** The modules of a project's own policies, relative to its root, sorted. */
export function policyModules(root: string): string[] {
  return modulesIn(root, 'stacks/policies');
}

/** All modules of a project's own: its stacks, and its rules over plans. */
export function ownModules(root: string): string[] {
  return [...customModules(root), ...policyModules(root)];
}

function modulesIn(root: string, folder: string): string[] {
  if (statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(join(root, folder)).filter((name) => /\.ts$/.test(name) && !/\.(?:test|d)\.ts$/.test(name));
  return names.sort().map((name) => `${folder}/${name}`);
}
