import { TandemError } from '../errors/tandem-error.ts';

interface SelectorFault {
  readonly text: string;
  /** From 0. */
  readonly position: number;
  /** What stands there; empty at the end. */
  readonly found: string;
  readonly expected: string;
  /** @default - nothing is near */
  readonly near?: string | undefined;
}

export function badSelector({ text, position, found, expected, near }: SelectorFault): TandemError {
  const there = found === '' ? 'it ends' : `"${found}" stands`;
  return new TandemError({
    code: 'bad-selector',
    message: `selector "${text}": ${there} at character ${position + 1}, where ${expected} is expected`,
    next:
      near === undefined ? 'write one like zone=a and age>30d, or state in (broken, lost)' : `did you mean ${near}?`,
    details: { text, position, expected },
  });
}

export function noSuchMachine(ids: readonly string[], fleet: string, near: string | undefined): TandemError {
  return new TandemError({
    code: 'no-such-machine',
    message: `${fleet} has no instance ${ids.join(', ')}`,
    next: near === undefined ? 'take ids of instances that the fleet has now' : `did you mean ${near}?`,
    details: { ids },
  });
}
