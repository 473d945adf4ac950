import { messageOf, TandemError } from '../errors/tandem-error.ts';

/** What was asked for contradicts itself, or is no value of its kind. */
export function usage(message: string, next: string): TandemError {
  return new TandemError({ code: 'usage', message, next });
}

export function cannotWrite(file: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'cannot-write',
    message: `${file} cannot be written: ${messageOf(cause)}`,
    next: 'name a file in a folder that exists and that you may write to',
    cause,
  });
}

export function cannotRead(file: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'cannot-read',
    message: `${file} cannot be read: ${messageOf(cause)}`,
    next: 'name a file that exists and that you may read',
    cause,
  });
}
