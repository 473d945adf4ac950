import { TandemError } from '../../../errors/tandem-error.ts';

/** @param line counts from 1 */
export function importUnreadable(path: string, line: number, why: string, next: string): TandemError {
  return new TandemError({
    code: 'import-unreadable',
    message: `${path}:${line}: ${why}`,
    next,
    details: { path, line },
  });
}
