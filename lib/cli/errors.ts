import { TandemError } from '../errors/tandem-error.ts';

export function noProjectHere(folder: string): TandemError {
  return new TandemError({
    code: 'no-project',
    message: `no config/tandem.yaml in ${folder} or above it`,
    next: 'run in a Tandem project, or name one with --project FOLDER',
  });
}

/** The command line itself is wrong. */
export function usage(message: string, next: string): TandemError {
  return new TandemError({ code: 'usage', message, next });
}

export function cannotWrite(file: string, cause: unknown): TandemError {
  return new TandemError({
    code: 'cannot-write',
    message: `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: 'name a file in a folder that exists and that you may write to',
    cause,
  });
}
