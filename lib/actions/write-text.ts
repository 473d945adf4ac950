import { writeFileSync } from 'node:fs';
import { cannotWrite } from './errors.ts';

/** @throws TandemError `cannot-write` */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
