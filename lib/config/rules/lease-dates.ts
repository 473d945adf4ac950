import type { Problem } from '../diagnostic.ts';
import type { Entity } from '../project.ts';
import type { Lease } from '../schema/lease.ts';
import type { Organisation } from '../schema/organisation.ts';
import type { RuleInput } from './rule.ts';

const DAY = 86_400_000;

/**
 * Leases end after they begin, last as long as the policy allows, and are over one day. That day is a warning: it comes for a
 * file that nobody touched (`docs/decisions/0011-expired-leases-are-warnings.md`).
 */
export function checkLeaseDates({ leases, organisation, today }: RuleInput): Problem[] {
  return [...leases.values()].flatMap((lease) => {
    const begin = Date.parse(`${lease.value.since}T00:00:00Z`);
    const end = endOf(lease.value.until);
    if (end <= begin) {
      const message = `got ${lease.value.until}; the lease begins on ${lease.value.since}`;
      return [lease.origin.at('until').problem('lease-reversed', message, `write a later day`)];
    }
    if (lease.value.protected) return [];
    const expired = end <= today.getTime() ? [expiredProblem(lease)] : [];
    return organisation === undefined
      ? expired
      : [...expired, ...lengthProblems(lease, begin, end, today, organisation.value.leases)];
  });
}

/** The first instant after a lease: a day lasts until its end in UTC. */
function endOf(until: string): number {
  return until.includes('T') ? Date.parse(until) : Date.parse(`${until}T00:00:00Z`) + DAY;
}

function expiredProblem({ name, value, origin }: Entity<Lease>): Problem {
  const message = `got ${value.until}, which is past; the environment still exists and costs`;
  const fix = `run tandem env reap, or tandem env extend ${name}`;
  return origin.at('until').problem('lease-expired', message, fix, { severity: 'warning' });
}

function lengthProblems(
  { value, origin }: Entity<Lease>,
  begin: number,
  end: number,
  today: Date,
  policy: Organisation['leases'],
): Problem[] {
  const total = days(end - begin);
  if (total > policy.maximumTotalDays) {
    const message = `got ${value.until}, ${total} days after its start; a dev environment lives at most ${policy.maximumTotalDays} days (leases.maximumTotalDays)`;
    return [
      origin
        .at('until')
        .problem('lease-too-long', message, `write ${lastDay(begin, policy.maximumTotalDays)} or earlier`),
    ];
  }
  // A lease was extended today at the latest: from the later of its start and today it may last so long.
  const from = Math.max(begin, Date.parse(`${today.toISOString().slice(0, 10)}T00:00:00Z`));
  const left = days(end - from);
  if (left <= policy.maximumDays) return [];
  const since = from === begin ? 'its start' : 'today';
  const message = `got ${value.until}, ${left} days from ${since}; a lease lasts at most ${policy.maximumDays} days (leases.maximumDays)`;
  return [
    origin
      .at('until')
      .problem(
        'lease-too-long',
        message,
        `write ${lastDay(from, policy.maximumDays)} or earlier, and extend it in time`,
      ),
  ];
}

function days(milliseconds: number): number {
  return Math.ceil(milliseconds / DAY);
}

/** The last day of a lease of so many days. */
function lastDay(from: number, length: number): string {
  return new Date(from + (length - 1) * DAY).toISOString().slice(0, 10);
}
