import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoryFile } from '../../private-cloud/kolla/inventory.ts';
import type { KollaPlays } from '../../private-cloud/members/ports.ts';
import { runKolla } from './run-kolla.ts';

export interface RunPlaysProps {
  readonly cloud: string;
  readonly program: string;
  /** The written tree, with the secrets linked. */
  readonly folder: string;
  readonly log: string;
  /** The operator's. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Plays of kolla-ansible on a written tree, each with the inventory of its own step. */
export function runPlays({ cloud, program, folder, log, environment }: RunPlaysProps): KollaPlays {
  return {
    async run({ key, verb, tags, limit, oneByOne, extra = [] }, groups, signal) {
      const inventory = join(folder, 'inventory', key.replaceAll(/[^\w-]/g, '-'));
      mkdirSync(join(folder, 'inventory'), { recursive: true });
      writeFileSync(inventory, inventoryFile(cloud, groups).content, { mode: 0o600 });
      const words = [verb, '--configdir', folder, '--inventory', inventory, ...extra];
      if (tags.length > 0) words.push('--tags', tags.join(','));
      if (limit.length > 0) words.push('--limit', limit.join(','));
      const ended = await runKolla({
        ...{ program, folder, log, signal, environment, args: words, onTask: () => undefined },
        ...(oneByOne === undefined ? {} : { oneByOne }),
      });
      return { ...ended, log };
    },
  };
}
