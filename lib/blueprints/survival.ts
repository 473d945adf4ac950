import { z } from 'zod';
import type { Quorum } from '../bring-up/component.ts';
import type { TierSoftware } from '../bring-up/tier-software.ts';
import { quorumsOf } from '../components/environment-software.ts';
import type { TierDemand } from '../config/demand.ts';
import type { Described } from '../text/described.ts';
import { plural } from '../text/plural.ts';

/** What the worst loss of one zone does to a tier. */
export const survivalSchema = z.strictObject({
  /** Servers that are gone, at most. */
  lost: z.int(),
  left: z.int(),
  serves: z.enum(['yes', 'no', 'in part']),
  /** A sentence without its dot. */
  says: z.string(),
});

export type Survival = Described<typeof survivalSchema>;

/**
 * The worst that the loss of a zone does, whichever zone and wherever the lease starts to count: a spread tier of 5 on 3 zones has at
 * most 2 in one of them; servers of a tier that is placed anywhere may all be in one.
 */
export function survivalOf(
  { tier, count }: TierDemand,
  zones: readonly string[],
  software: TierSoftware | undefined,
): Survival {
  const spread = tier.placement === 'spread' ? Math.max(1, zones.length) : 1;
  const lost = Math.ceil(count / spread);
  const left = count - lost;
  const quorums = software === undefined ? [] : [...quorumsOf(software)];
  const voting = ({ members }: Quorum) => members - Math.ceil(members / spread);
  const broken = quorums.find(([, quorum]) => voting(quorum) < quorum.needed);
  const title = (name: string) =>
    software?.runs.find(({ component }) => component.name === name)?.component.title ?? name;
  if (count === 0) return { lost, left, serves: 'yes', says: 'it has no servers' };
  if (broken !== undefined) {
    const [name, quorum] = broken;
    const says = `${title(name)} takes no writes until the zone is back: ${voting(quorum)} of ${quorum.members} are left, and ${quorum.needed} are needed`;
    return { lost, left, serves: 'no', says };
  }
  if (left === 0) {
    const all = count === 1 ? 'its server' : 'all its servers';
    return { lost, left, serves: 'no', says: `${all} may be gone until the zone is back` };
  }
  const names = quorums.map(([name]) => title(name));
  if (names.length > 0) {
    const rest = `${left} of ${count} are left, which are enough`;
    return { lost, left, serves: 'yes', says: `${names.join(', ')} ${plural(names.length, 'goes', 'go')} on: ${rest}` };
  }
  const balanced = tier.loadBalancer !== undefined;
  return {
    lost,
    left,
    serves: balanced ? 'yes' : 'in part',
    says: balanced
      ? `the balancer sends everybody to the ${left} of ${count} that are left`
      : `${left} of ${count} are left`,
  };
}
