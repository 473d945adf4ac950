import { toAwsError } from '../../../aws-api/aws-error.ts';
import type { Difference } from './wanted.ts';

/** What differs, and how it is set; safe to repeat. */
export interface Unset extends Difference {
  readonly physicalId: string;
  readonly set: (signal: AbortSignal) => Promise<void>;
}

/** What somebody finds of one resource. */
export type Look = Pick<Unset, 'actual' | 'set'>;

export async function called<T>(call: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw toAwsError(call, error);
  }
}
