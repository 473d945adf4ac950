import type { Problem } from './diagnostic.ts';
import type { Origin } from './origin.ts';
import { commandSecret } from './secret-in-command.ts';
import { isSecretCalled, isSecretFlag, secretIn } from './secret-in-text.ts';

/** Every text of a file that holds a secret, by what it holds or by what it is called. */
export function clearSecrets(value: unknown, origin: Origin): Problem[] {
  if (typeof value === 'string') {
    const what = secretIn(value);
    return what === undefined ? [] : [problemAt(origin, what)];
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  const inCommand = isList && value.every((word) => typeof word === 'string') ? commandSecret(value) : undefined;
  const entries = Object.entries(value as Record<string, unknown>);
  return entries.flatMap(([key, inner], index) => {
    const at = origin.at(isList ? index : key);
    const before = isList ? (value as unknown[])[index - 1] : undefined;
    const isCalled =
      index === inCommand ||
      (typeof inner === 'string' &&
        (isList ? typeof before === 'string' && isSecretFlag(before, inner) : isSecretCalled(key, inner)));
    return isCalled ? [problemAt(at, 'a password or token')] : clearSecrets(inner, at);
  });
}

function problemAt(origin: Origin, what: string): Problem {
  return origin.problem('secret-in-clear', `got ${secretFound(what)}`, SECRET_FIX);
}

/** @param what `a password in a URL` */
export function secretFound(what: string): string {
  return `${what} (not shown); the configuration is in git, and artefacts and logs repeat it`;
}

export const SECRET_FIX =
  'remove it, store the value with `tandem secret put secret:<name>`, and write a reference, a file or a variable in its place';
