import { SECRET_FIX, secretFound } from './clear-secrets.ts';
import type { Problem } from './diagnostic.ts';
import { ConfigFileError, type ConfigFiles } from './files.ts';
import { engineProblem } from './scalar.ts';
import { secretIn } from './secret-in-text.ts';

/** Whether a path is absolute, or has a part that goes up. */
export function leavesProject(path: string): boolean {
  return /^\/|(?:^|\/)\.\.(?:\/|$)/.test(path);
}

/**
 * A text that is part of servers' user data, or why it cannot be.
 * @param limits - `most` ends the sentence "it has 41 KiB …", and `root` the sentence "the path is relative to …"
 */
export function readBootText(
  files: ConfigFiles,
  file: string,
  { maximumBytes, most, root }: { readonly maximumBytes: number; readonly most: string; readonly root: string },
): string | Pick<Problem, 'message' | 'fix'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(files.read(file, maximumBytes));
    const secret = secretIn(text);
    if (secret !== undefined) return { message: `it has ${secretFound(secret)}`, fix: SECRET_FIX };
    return engineProblem(text) ?? text;
  } catch (error) {
    if (error instanceof TypeError) return { message: 'it is not UTF-8 text', fix: 'save it as UTF-8' };
    if (!(error instanceof ConfigFileError)) throw error;
    if (error.code === 'EFBIG')
      return { message: `it has ${error.message}${most}`, fix: 'fetch at boot what is large' };
    return { message: error.message, fix: `write the file, or correct the path; it is relative to ${root}` };
  }
}
