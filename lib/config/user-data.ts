import { SECRET_FIX, secretFound } from './clear-secrets.ts';
import type { Problem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import type { Entity } from './project.ts';
import { engineProblem } from './scalar.ts';
import type { Blueprint } from './schema/blueprint.ts';
import { secretIn } from './secret-in-text.ts';

/** Nova takes 64 KiB in Base64; the rest is for what stacks add. */
const MAXIMUM_BYTES = 40 * 1024;

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
      const read = readOne(files, userData);
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

/** Whether a path is absolute, or has a part that goes up. */
export function leavesProject(path: string): boolean {
  return /^\/|(?:^|\/)\.\.(?:\/|$)/.test(path);
}

function readOne(files: ConfigFiles, file: string): string | Pick<Problem, 'message' | 'fix'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(files.read(file, MAXIMUM_BYTES));
    const engine = engineProblem(text);
    if (engine !== undefined) return engine;
    const secret = secretIn(text);
    return secret === undefined ? text : { message: `it has ${secretFound(secret)}`, fix: SECRET_FIX };
  } catch (error) {
    if (error instanceof TypeError) return { message: 'it is not UTF-8 text', fix: 'save it as UTF-8' };
    if (!(error instanceof ConfigFileError)) throw error;
    if (error.code === 'EFBIG')
      return {
        message: `it has ${error.message}, and user data has at most 40 KiB`,
        fix: 'fetch at boot what is large',
      };
    return {
      message: error.message,
      fix: 'write the file, or correct the path; it is relative to the root of the project',
    };
  }
}
