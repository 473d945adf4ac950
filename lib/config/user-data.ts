import { leavesProject, readBootText } from './boot-text.ts';
import type { Problem } from './diagnostic.ts';
import type { ConfigFiles } from './files.ts';
import type { Entity } from './project.ts';
import type { Blueprint } from './schema/blueprint.ts';

/** Nova takes 64 KiB in Base64; the rest is for what stacks add. */
const LIMITS = {
  maximumBytes: 40 * 1024,
  most: ', and user data has at most 40 KiB',
  root: 'the root of the project',
};

/** The cloud-init files that blueprints name, by path; a problem for each that cannot be had. */
export function readUserData(
  files: ConfigFiles,
  blueprints: ReadonlyMap<string, Entity<Blueprint>>,
): { readonly contents: ReadonlyMap<string, string>; readonly problems: readonly Problem[] } {
  const contents = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { value, origin } of blueprints.values()) {
    for (const [name, { userData }] of Object.entries(value.tiers)) {
      // A path out of the project is never read; `rules/blueprint.ts` tells of it.
      if (userData === undefined || contents.has(userData) || leavesProject(userData)) continue;
      const read = readBootText(files, userData, LIMITS);
      if (typeof read === 'string') contents.set(userData, read);
      else
        problems.push(
          origin
            .at('tiers', name, 'userData')
            .problem('unreadable-file', `got "${userData}"; ${read.message}`, read.fix),
        );
    }
  }
  return { contents, problems };
}
