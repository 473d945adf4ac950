import type { Policy } from './request.ts';

export interface Admission {
  /** Machines in service that nobody is about to take out. */
  readonly serving: number;
  /** Machines that the group should have. */
  readonly desired: number;
  /** When machines were taken out of service, and how many. */
  readonly taken: readonly { readonly at: number; readonly count: number }[];
  readonly now: number;
}

/** How many machines in service may be taken out of it now: what floor and budget leave. */
export function allowance({ serving, desired, taken, now }: Admission, { floorPercent, budget }: Policy): number {
  const aboveFloor = serving - Math.ceil((desired * floorPercent) / 100);
  if (budget === undefined) return Math.max(0, aboveFloor);
  const since = now - budget.minutes * 60_000;
  const spent = taken.reduce((sum, { at, count }) => sum + (at > since ? count : 0), 0);
  return Math.max(0, Math.min(aboveFloor, Math.floor((desired * budget.percent) / 100) - spent));
}
