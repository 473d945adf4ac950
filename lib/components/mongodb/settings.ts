import { z } from 'zod';
import type { Finding, TierInputs } from '../../bring-up/component.ts';
import { count } from '../../config/schema/common.ts';
import { evenMembers, memoryFindings } from '../shared/findings.ts';
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

export function mongodbFindings({ settings, flavor, count: members }: Inputs): readonly Finding[] {
  const share = { setting: 'cacheMiB', maximumPercent: 60, rest: 'connections, sorts and the page cache' };
  return [...memberFindings(members), ...memoryFindings(settings.cacheMiB, flavor, share)];
}

function memberFindings(members: number): readonly Finding[] {
  if (members > MOST_MEMBERS)
    return [
      {
        at: ['count'],
        code: 'too-many-members',
        message: `got ${members}; a replica set has at most ${MOST_MEMBERS} members`,
        fix: `use ${MOST_MEMBERS} or fewer`,
      },
    ];
  return voters(members) % 2 === 0 ? [evenMembers('MongoDB', members)] : [];
}
