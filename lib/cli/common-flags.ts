import { availableParallelism } from 'node:os';
import { numberParser } from '@stricli/core';

/** Flags that every command has. */
export interface CommonFlags {
  readonly json: boolean;
  readonly noColor: boolean;
  readonly nonInteractive: boolean;
  /** Things done at once. @default the machine's cores, at most 8 */
  readonly parallelism?: number;
}

export const commonFlags = {
  json: { kind: 'boolean', brief: 'Machine-readable output', default: false, withNegated: false },
  noColor: { kind: 'boolean', brief: 'No colours; NO_COLOR does the same', default: false, withNegated: false },
  nonInteractive: {
    kind: 'boolean',
    brief: 'Never ask; what would be asked is an error',
    default: false,
    withNegated: false,
  },
  parallelism: {
    kind: 'parsed',
    parse: (text: string): number => {
      const value = numberParser(text);
      if (!Number.isInteger(value) || value < 1 || value > 256)
        throw new RangeError('it is a whole number from 1 to 256');
      return value;
    },
    brief: 'Things done at once; default: the number of cores',
    optional: true,
    placeholder: 'N',
  },
} as const;

export function parallelismOf(flags: Pick<CommonFlags, 'parallelism'>): number {
  return flags.parallelism ?? Math.min(availableParallelism(), 8);
}
