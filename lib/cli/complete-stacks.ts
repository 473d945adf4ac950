import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackId } from '../stack/id.ts';
import type { TandemContext } from './context.ts';

/** Names of stacks for the shell, from the names of files and hardly more: completion has no time to check configuration. */
export function completeStacks(this: TandemContext, partial: string): string[] {
  const names = (folder: string): string[] => {
    try {
      const files = readdirSync(join(this.root(), 'config', folder));
      return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
    } catch {
      return [];
    }
  };
  const isRendered = (cloud: string): boolean =>
    /^kolla:/m.test(readFileSync(join(this.root(), 'config/clouds', `${cloud}.yaml`), 'utf8'));
  const candidates = [
    ...names('clouds').flatMap((cloud) => [
      ...[cloud, StackId.cloudBase(cloud)],
      ...(isRendered(cloud) ? [StackId.kolla(cloud)] : []),
    ]),
    ...names('environments')
      .filter((environment) => environment !== 'base')
      .flatMap((environment) => [environment, StackId.network(environment), StackId.cluster(environment)]),
    ...names('dev'),
  ];
  return candidates.filter((candidate) => candidate.startsWith(partial));
}
