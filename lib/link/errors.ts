import { TandemError } from '../errors/tandem-error.ts';

export function linkUnknown(received: string, known: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-unknown',
    message: `there is no link "${received}"`,
    next: known.length === 0 ? 'write one: config/links/NAME.yaml' : `name one of ${known.join(', ')}`,
    details: { received, known },
  });
}

export function linkNotNamed(known: readonly string[]): TandemError {
  return new TandemError({
    code: 'link-not-named',
    message: known.length === 0 ? 'this project has no link' : `this project has ${known.length} links`,
    next: known.length === 0 ? 'write one: config/links/NAME.yaml' : `name one of ${known.join(', ')}`,
    details: { known },
  });
}
