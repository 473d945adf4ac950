import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type InventoryGroup, inventoryFile } from '../../private-cloud/kolla/inventory.ts';
import type { KollaPlay, KollaPlays } from '../../private-cloud/members/ports.ts';
import type { StackId } from '../../stack/id.ts';
import { workFolder } from '../work-folder.ts';
import { runKolla } from './run-kolla.ts';
import { folderName, runsFolder } from './runs.ts';

export interface KollaPlaysProps {
  readonly root: string;
  readonly stack: StackId;
  readonly cloud: string;
  /** The operation: its keys are its own, and what succeeded in it is not repeated. @default none: every play runs anew */
  readonly operation?: string;
  /** kolla-ansible. */
  readonly program: string;
  /** The work tree, with links to the secrets. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Plays by the real kolla-ansible, each with an inventory of its own in the tree, beside the variables of hosts. */
export function kollaPlays({
  root,
  stack,
  cloud,
  operation,
  program,
  folder,
  environment,
}: KollaPlaysProps): KollaPlays {
  return {
    async run(play, groups, signal) {
      const name = folderName(play.key);
      const inventory = writeInventory(folder, cloud, play, groups);
      const log = join(workFolder(root, stack), 'kolla-ansible.log');
      const run = join(runsFolder(root, stack), operation ?? 'alone', name);
      const args = playArguments(play, folder, inventory);
      const { oneByOne } = play;
      const once = operation !== undefined;
      const result = await runKolla({ program, args, folder, run, once, environment, oneByOne, log, signal });
      return { ...result, log };
    },
  };
}

/** Lays a play's inventory into a tree, beside the variables of its hosts. Gives its path. */
export function writeInventory(
  folder: string,
  cloud: string,
  play: Pick<KollaPlay, 'key'>,
  groups: readonly InventoryGroup[],
): string {
  const path = inventoryOf(folder, play);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, inventoryFile(cloud, groups).content, { mode: 0o600 });
  return path;
}

/** Where a play's inventory is, in a tree. */
export function inventoryOf(folder: string, { key }: Pick<KollaPlay, 'key'>): string {
  return join(folder, 'inventory', `play-${key.split(' ')[0] ?? ''}`);
}

/** Words for kolla-ansible, as they are typed. */
export function playArguments(play: KollaPlay, folder: string, inventory: string): string[] {
  const { verb, tags, limit, extra = [] } = play;
  return [
    ...[verb, '--configdir', folder, '--inventory', inventory],
    ...(tags.length > 0 ? ['--tags', tags.join(',')] : []),
    ...(limit.length > 0 ? ['--limit', limit.join(',')] : []),
    ...extra,
  ];
}
