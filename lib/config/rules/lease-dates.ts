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
      return [lease.origin.at('until').problem('lease-reversed', message, laterDay(begin, today, organisation))];
    }
    if (lease.value.protected) return [];
    const { grantedUntil } = lease.value;
    const isGranted = grantedUntil !== undefined && end <= endOf(grantedUntil);
    const life = organisation?.value.leases.maximumTotalDays;
    const canExtend = life === undefined || endOf(lastDay(begin, life)) > today.getTime();
    const expired = end <= today.getTime() ? [expiredProblem(lease, canExtend)] : [];
    return organisation === undefined || isGranted
      ? expired
      : [...expired, ...lengthProblems(lease, begin, end, today, organisation.value.leases)];
  });
}

/** A day on which a lease may end that begins at `begin`. */
function laterDay(begin: number, today: Date, organisation: RuleInput['organisation']): string {
  const policy = organisation?.value.leases;
  if (policy === undefined) return 'write a later day';
  const from = Math.max(begin, startOf(today));
  const latest = [lastDay(from, policy.defaultDays), latestDay(begin, from, policy)].sort()[0] ?? '';
  if (endOf(latest) <= today.getTime())
    return 'write a later `since` too: its longest life (leases.maximumTotalDays) is over';
  return `write a later day, such as ${latest}`;
}

/** The last day that both limits of the policy allow. */
function latestDay(begin: number, from: number, policy: Organisation['leases']): string {
  return [lastDay(begin, policy.maximumTotalDays), lastDay(from, policy.maximumDays)].sort()[0] ?? '';
}

/** The first instant after a lease: a day lasts until its end in UTC. */
function endOf(until: string): number {
  return until.includes('T') ? Date.parse(until) : Date.parse(`${until}T00:00:00Z`) + DAY;
}

function expiredProblem({ name, value, origin }: Entity<Lease>, canExtend: boolean): Problem {
  const message = `got ${value.until}, which has passed; the environment still exists and costs money`;
  const fix = canExtend
    ? `run \`tandem env reap\`, or \`tandem env extend ${name}\``
    : 'run `tandem env reap`: it cannot be extended beyond leases.maximumTotalDays';
  return origin.at('until').problem('lease-expired', message, fix, { severity: 'warning' });
}

function lengthProblems(
  { value, origin }: Entity<Lease>,
  begin: number,
  end: number,
  today: Date,
  policy: Organisation['leases'],
): Problem[] {
  // A lease was extended today at the latest: from the later of its start and today it may last so long.
  const from = Math.max(begin, startOf(today));
  const total = days(end - begin);
  const left = days(end - from);
  const isTooLong = total > policy.maximumTotalDays;
  if (!isTooLong && left <= policy.maximumDays) return [];
  const message = isTooLong
    ? `got ${value.until}, ${total} days after its start; a dev environment lasts at most ${policy.maximumTotalDays} days (leases.maximumTotalDays)`
    : `got ${value.until}, ${left} days from ${from === begin ? 'its start' : 'today'}; a lease lasts at most ${policy.maximumDays} days (leases.maximumDays)`;
  // Both limits hold, whichever is exceeded.
  const latest = latestDay(begin, from, policy);
  const fix =
    endOf(latest) <= today.getTime()
      ? `write protected: true${left > policy.maximumDays ? '' : `, or raise leases.maximumTotalDays to ${total}`}`
      : `write ${latest} or earlier${latest === lastDay(begin, policy.maximumTotalDays) ? '' : ', and extend it in time'}`;
  return [origin.at('until').problem('lease-too-long', message, fix)];
}

/** The beginning of a day in UTC. */
function startOf(day: Date): number {
  return Date.parse(`${day.toISOString().slice(0, 10)}T00:00:00Z`);
}

function days(milliseconds: number): number {
  return Math.ceil(milliseconds / DAY);
}

/** The last day of a lease of so many days. */
function lastDay(from: number, length: number): string {
  return new Date(from + (length - 1) * DAY).toISOString().slice(0, 10);
}
