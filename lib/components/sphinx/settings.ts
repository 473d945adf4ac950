import { z } from 'zod';
import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { because } from '../../config/diagnostic.ts';
import { count } from '../../config/schema/common.ts';
import { memoryFindings } from '../shared/findings.ts';

/** What a member keeps in memory at most of one index: its counters end there. */
const LARGEST_MIB = 2047;

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, {
    error: because('an index, field or attribute has lowercase letters, digits and underscores', 'write one like text'),
  })
  .refine((name) => name !== 'id', {
    error: because('every document has one by itself', 'use another name'),
  });

export const settings = z.strictObject({
  index: identifier
    .default('documents')
    .describe(
      'Index that a member holds, which is written to. `<index>_all` is that of all members, which is searched on any of them.',
    ),
  layout: z
    .enum(['mirrors', 'shards'])
    .default('mirrors')
    .describe(
      'Sphinx replicates nothing. `mirrors`: clients write each document to every member, any of which answers for all. `shards`: clients write each document to one member, and while that is away answers lack it.',
    ),
  fields: z
    .array(identifier)
    .min(1)
    .max(32)
    .default(['title', 'text'])
    .describe(
      'Texts of a document, to be searched. CAUTION: a change replaces the servers, and what is on their volumes has the old ones: begin with new volumes, and index again.',
    ),
  attributes: z
    .record(identifier, z.enum(['uint', 'bigint', 'float', 'timestamp', 'string', 'multi', 'json']))
    .default({})
    .describe('What is kept with a document, to be filtered, sorted and given back. CAUTION: as for `fields`.'),
  memoryMiB: count(16, LARGEST_MIB)
    .default(128)
    .describe('New documents that are kept in memory before they become a part on the disk, in MiB.'),
  connectMilliseconds: count(50, 60_000)
    .default(500)
    .describe('How long a member waits for another to be reached, in milliseconds.'),
  answerMilliseconds: count(50, 600_000).default(3000).describe('How long it waits for its answer, in milliseconds.'),
});

export type SphinxSettings = z.output<typeof settings>;

export function findings({ settings: given, flavor }: TierInputs<SphinxSettings>): readonly Finding[] {
  // A part is written while the next one is filled.
  const share = {
    setting: 'memoryMiB',
    maximumPercent: 40,
    rest: 'what is being written, as much again, and searches',
  };
  return [...memoryFindings(given.memoryMiB, flavor, share), ...twice(given)];
}

function twice({ fields, attributes }: SphinxSettings): readonly Finding[] {
  return fields.flatMap((field, index): readonly Finding[] => {
    if (!Object.hasOwn(attributes, field) && fields.indexOf(field) === index) return [];
    return [
      {
        at: ['settings', 'fields', index],
        code: 'field-twice',
        message: `got ${field}; another field or an attribute has this name`,
        fix: 'use a name of its own; what is to be searched and given back is written twice, as title and title_text',
      },
    ];
  });
}
