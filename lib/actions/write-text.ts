import { accessSync, constants, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from '../fs/files.ts';
import { cannotWrite } from './errors.ts';

/**
 * Whole or not at all: a kill or a full disk leaves what was there, such as a bundle with its signatures. Pipes and `/dev/stdout` are
 * written to as they are.
 * @throws TandemError `cannot-write`
 */
export function writeText(file: string, text: string): void {
  const replaced = requireWritable(file);
  try {
    if (replaced === undefined) writeFileSync(file, text);
    else replaceFile(replaced.path, text, { mode: replaced.mode });
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

interface Replaced {
  /** Without links. */
  readonly path: string;
  readonly mode: number;
}

/**
 * Before what takes long: a file that cannot be written is told at once, and not instead of the answer.
 * @returns the file that is to be replaced; undefined for what is written to as it is
 * @throws TandemError `cannot-write`
 */
export function requireWritable(file: string): Replaced | undefined {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw new Error('it is a folder');
    if (there !== undefined) accessSync(file, constants.W_OK);
    if (there?.isFile() === false || /^\/(?:dev\/(?:fd\/|std)|proc\/)/.test(file)) return undefined;
    const path = there === undefined ? file : realpathSync(file);
    // With the dot, a file in the folder's place is refused.
    accessSync(`${dirname(path)}/.`, constants.W_OK);
    return { path, mode: there?.mode ?? 0o666 };
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
