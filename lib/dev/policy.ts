import type { Lease } from '../config/schema/lease.ts';
import type { Organisation } from '../config/schema/organisation.ts';
import { dayOf, endOf } from './duration.ts';
import { leaseTooLong } from './errors.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What policy says of an extension. */
export type ExtensionAnswer = 'granted' | 'asked';

/**
 * An extension within the limits is granted at once; one beyond them is asked for, where the organisation names somebody who answers.
 * @throws TandemError `lease-too-long` where nobody does, or it is beyond what may be asked for
 */
export function answerExtension(
  name: string,
  lease: Pick<Lease, 'since' | 'protected'>,
  until: string,
  policy: Pick<Organisation['leases'], 'maximumDays' | 'maximumTotalDays' | 'extensions'>,
  now: Date,
): ExtensionAnswer {
  try {
    checkLength(name, lease, until, policy, now);
    return 'granted';
  } catch (error) {
    if (policy.extensions.approvers.length === 0) throw error;
    checkAsked(name, until, policy, now);
    return 'asked';
  }
}

/** Whether somebody may grant that, however long the lease has lived. @throws TandemError `lease-too-long` */
export function checkAsked(
  name: string,
  until: string,
  { extensions: { maximumDays } }: Pick<Organisation['leases'], 'extensions'>,
  now: Date,
): void {
  const end = Date.parse(`${dayOf(now)}T00:00:00Z`) + maximumDays * DAY;
  const rule = `nobody grants more than ${maximumDays} days (extensions.maximumDays)`;
  if (endOf(until).getTime() > end) throw leaseTooLong(name, until, dayOf(new Date(end - DAY)), rule);
}

/**
 * Whether a lease may end then. Counted from now, since an extension starts anew, and from its first day in all.
 * @throws TandemError `lease-too-long` naming the latest end that is allowed
 */
export function checkLength(
  name: string,
  lease: Pick<Lease, 'since' | 'protected'>,
  until: string,
  policy: Pick<Organisation['leases'], 'maximumDays' | 'maximumTotalDays'>,
  now: Date,
): void {
  if (lease.protected) return;
  const today = Date.parse(`${dayOf(now)}T00:00:00Z`);
  const first = Date.parse(`${lease.since}T00:00:00Z`);
  const byLength = {
    end: today + policy.maximumDays * DAY,
    rule: `a lease lasts at most ${policy.maximumDays} days (maximumDays)`,
  };
  const byAge = {
    end: first + policy.maximumTotalDays * DAY,
    rule: `a dev environment lives at most ${policy.maximumTotalDays} days (maximumTotalDays), and this one began on ${lease.since}`,
  };
  const tighter = byAge.end < byLength.end ? byAge : byLength;
  if (endOf(until).getTime() > tighter.end) {
    throw leaseTooLong(name, until, dayOf(new Date(tighter.end - DAY)), tighter.rule);
  }
}
