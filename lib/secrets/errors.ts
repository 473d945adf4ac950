import { TandemError } from '../errors/tandem-error.ts';

export function noSuchSecret(reference: string, store: string): TandemError {
  return new TandemError({
    code: 'no-such-secret',
    message: `${store} has no value for ${reference}`,
    next: `store it with \`tandem secret put ${reference}\`, which reads the value from standard input`,
  });
}

export function noSecretGiven(reference: string): TandemError {
  return new TandemError({
    code: 'no-secret-given',
    message: `no value was given for ${reference}`,
    next: `pipe it in, as in \`pass show it | tandem secret put ${reference}\`, or type it on a terminal`,
  });
}

export function secretsKeyUnusable(where: string, why: string): TandemError {
  return new TandemError({
    code: 'secrets-key',
    message: `the key of the secret store in ${where} cannot be used: ${why}`,
    next: 'set TANDEM_SECRETS_KEY, or put the key back into its file with mode 0600',
  });
}

export function secretsUnreadable(file: string, why: string): TandemError {
  return new TandemError({
    code: 'secrets-unreadable',
    message: `${file} cannot be decrypted: ${why}`,
    next: 'use the key that it was written with, or restore the file from git',
  });
}
