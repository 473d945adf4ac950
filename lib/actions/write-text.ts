import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { cannotWrite } from './errors.ts';

/** @throws TandemError `cannot-write` */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** Before what takes long: a file that cannot be written is told at once, and not instead of the answer. @throws TandemError `cannot-write` */
export function requireWritable(file: string): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw new Error('it is a folder');
    // With the dot, a file in the folder's place is refused.
    accessSync(there === undefined ? `${dirname(file)}/.` : file, constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
