import { TandemError } from '../../errors/tandem-error.ts';
import type { StackId } from '../../stack/id.ts';

export function notImported(stack: StackId): TandemError {
  return new TandemError({
    code: 'not-imported',
    message: `${stack} is a private cloud itself: there is nothing in it to import`,
    next: 'to describe a cloud that is there already: `tandem cloud import INVENTORY GLOBALS`',
    details: { stack },
  });
}
