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
  onWritable(file, (path, mode) => {
    if (path === undefined) writeFileSync(file, text);
    else replaceFile(path, text, { mode });
  });
}

/** Before what takes long: a file that cannot be written is told at once, and not instead of the answer. @throws TandemError `cannot-write` */
export function requireWritable(file: string): void {
  onWritable(file, () => undefined);
}

/** Calls with the path of the file to be replaced, without links, and its mode; without a path where it is none. */
function onWritable(file: string, call: (path: string | undefined, mode: number) => void): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw new Error('it is a folder');
    if (there !== undefined) accessSync(file, constants.W_OK);
    const isReplaced = there?.isFile() !== false && !/^\/(?:dev\/(?:fd\/|std)|proc\/)/.test(file);
    if (!isReplaced) {
      call(undefined, 0);
      return;
    }
    const path = there === undefined ? file : realpathSync(file);
    // With the dot, a file in the folder's place is refused.
    accessSync(`${dirname(path)}/.`, constants.W_OK);
    call(path, there?.mode ?? 0o666);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
