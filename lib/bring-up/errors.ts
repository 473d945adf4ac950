import { TandemError } from '../errors/tandem-error.ts';

export function bootTokenTooLong(kind: string, length: number, most: number): TandemError {
  return new TandemError({
    code: 'boot-token-too-long',
    message: `a boot token (${kind}) has ${length} characters, and Nova keeps at most ${most}`,
    next: 'give the service a shorter URL in the bootSecrets of its cloud, such as one with a shorter host name',
  });
}
