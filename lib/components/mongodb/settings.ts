import { z } from 'zod';
import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { count } from '../../config/schema/common.ts';
import { MOST_MEMBERS, voters } from './replica-set.ts';

export const mongodbSettings = z.strictObject({
  cacheMiB: count(256, 262_144)
    .optional()
    .describe(
      "Cache of the storage engine in MiB. Default: half of what the flavor's memory has above 1 GiB, at least 256.",
    ),
  oplogMiB: count(990, 1_048_576)
    .default(2048)
    .describe(
      'Size of the log of operations in MiB: a member that was away longer than it reaches copies everything anew.',
    ),
  electionTimeoutSeconds: count(2, 60)
    .default(5)
    .describe('How long a primary may be silent before another is elected, in seconds.'),
});

export type MongodbSettings = z.output<typeof mongodbSettings>;
type Inputs = TierInputs<MongodbSettings>;

/** In MiB, as the program itself computes its default. */
export function cacheMiB({ settings, flavor }: Pick<Inputs, 'settings' | 'flavor'>): number {
  return settings.cacheMiB ?? Math.max(256, Math.floor((flavor.memoryMiB - 1024) / 2));
}

export function mongodbFindings(inputs: Inputs): readonly Finding[] {
  return [...memberFindings(inputs), ...cacheFindings(inputs)];
}

function memberFindings({ count: members }: Inputs): readonly Finding[] {
  const voting = voters(members);
  if (members > MOST_MEMBERS)
    return [
      {
        at: ['count'],
        code: 'too-many-members',
        message: `got ${members}; a replica set has at most ${MOST_MEMBERS} members`,
        fix: `use ${MOST_MEMBERS} or fewer`,
      },
    ];
  if (voting === 0 || voting % 2 === 1) return [];
  return [
    {
      at: ['count'],
      code: 'even-members',
      message: `got ${members}; a quorum needs an odd count: ${members} members survive the loss of no more than ${members - 1} do`,
      fix: `use ${members - 1} or ${members + 1}`,
    },
  ];
}

function cacheFindings({ settings, flavor }: Inputs): readonly Finding[] {
  const most = Math.floor(flavor.memoryMiB * 0.6);
  if (settings.cacheMiB === undefined || settings.cacheMiB <= most) return [];
  return [
    {
      at: ['settings', 'cacheMiB'],
      code: 'memory-above-flavor',
      message: `got ${settings.cacheMiB} MiB on a flavor of ${flavor.memoryMiB} MiB; connections, sorts and the page cache need 40 % of the memory`,
      fix: `write at most ${most}, or take a flavor of ${Math.ceil(settings.cacheMiB / 0.6)} MiB or more`,
    },
  ];
}
