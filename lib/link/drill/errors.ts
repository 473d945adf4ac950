import { TandemError } from '../../errors/tandem-error.ts';

export function linkCaseUnknown(received: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-case-unknown',
    message: `there is no case "${received}"`,
    next: `write one of ${known.join(', ')}`,
    details: { received, known },
  });
}
