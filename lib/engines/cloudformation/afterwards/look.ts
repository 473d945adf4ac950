import type { Difference } from './wanted.ts';

/** What differs, and how it is set; safe to repeat. */
export interface Unset extends Difference {
  readonly physicalId: string;
  readonly set: (signal: AbortSignal) => Promise<void>;
}

/** What somebody finds of one resource. */
export type Look = Pick<Unset, 'actual' | 'set'>;
