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

/** A positional parameter that is one stack. */
export const stackParameter = {
  parse: String,
  brief: 'Stack id or short name',
  placeholder: 'stack',
  proposeCompletions: completeStacks,
} as const;

/** The positional parameters of commands that choose among stacks. */
export const someStacks = {
  kind: 'array',
  parameter: { ...stackParameter, brief: 'Stack ids, globs or short names' },
} as const;

/** Those of commands that take all where none is named. */
export const stackParameters = {
  kind: 'array',
  parameter: { ...stackParameter, brief: 'Stack ids, globs or short names; all where none is named' },
} as const;
