import { TandemError } from '../../errors/tandem-error.ts';
import { firstOf } from '../../text/listed.ts';

export function noSuchOperation(name: string): TandemError {
  return new TandemError({
    code: 'no-such-operation',
    message: `the journal has no operation "${name}"`,
    next: '`tandem history` lists them; the journal is that of the project and its `state` back end',
    details: { operation: name },
  });
}

export function ambiguousOperation(name: string, found: readonly string[]): TandemError {
  return new TandemError({
    code: 'ambiguous-operation',
    message: `"${name}" means ${found.length} operations: ${firstOf(found, 5)}`,
    next: 'write more of its id',
    details: { operations: found },
  });
}
