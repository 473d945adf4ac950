import { numberParser } from '@stricli/core';

/** Flags of the verbs that change clouds, besides the common ones. */
export const deployFlags = {
  lockTimeout: {
    kind: 'parsed',
    parse: numberParser,
    brief: 'Seconds to wait for a stack that somebody else works on',
    default: '0',
    placeholder: 'SECONDS',
  },
  verbose: { kind: 'boolean', brief: 'List created resources one by one', default: false, withNegated: false },
} as const;
