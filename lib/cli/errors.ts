import { TandemError } from '../errors/tandem-error.ts';

export function noProjectHere(folder: string): TandemError {
  return new TandemError({
    code: 'no-project',
    message: `there is no config/tandem.yaml in ${folder} or in any folder above it`,
    next: 'change to a folder of a Tandem project, or name the project: --project DIR',
    details: { folder },
  });
}
