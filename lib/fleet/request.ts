import type { Rung } from './rungs.ts';

export const FLEET_VERBS = ['restart', 'replace', 'drain', 'rollout'] as const;
export type FleetVerb = (typeof FLEET_VERBS)[number];

/** How an operation on machines is to be done. */
export interface FleetRequest {
  /** `rollout` brings machines to the versions that a new one gets; the others act on all that are chosen. */
  readonly verb: FleetVerb;
  /** @default - the cheapest rung that cures what is seen of each machine: of a healthy one, `process` (restart) or `replace` */
  readonly rung?: Rung | undefined;
  /**
   * Share of the desired capacity that stays in service, in percent.
   * @remarks CAUTION: 0 may take the whole fleet out of service at once.
   */
  readonly floorPercent: number;
  /** So many percent of the fleet go out of service within any such time. @default - no budget */
  readonly budget?: { readonly percent: number; readonly minutes: number } | undefined;
  /** First one machine, then one in twenty, then the others. @default true */
  readonly canary?: boolean | undefined;
  /** How long a canary works before the others follow, in seconds. @default 60 */
  readonly bakeSeconds?: number | undefined;
  /** How long a job may take to end, in seconds; then it is given back to the queue. @default 900 */
  readonly drainSeconds?: number | undefined;
  /** How long a machine, or another in its place, may take to be back in service, in seconds. @default 600 */
  readonly backSeconds?: number | undefined;
  /** Machines that may fail after the canary before the operation pauses. @default - 2 percent of the chosen ones, rounded up */
  readonly failures?: number | undefined;
}

/** A request with its defaults. */
export interface Policy {
  readonly floorPercent: number;
  readonly budget: { readonly percent: number; readonly minutes: number } | undefined;
  readonly bakeSeconds: number;
  readonly drainSeconds: number;
  readonly backSeconds: number;
  readonly failures: number;
}

export function policyOf(request: FleetRequest, machines: number): Policy {
  return {
    floorPercent: request.floorPercent,
    budget: request.budget,
    bakeSeconds: request.bakeSeconds ?? 60,
    drainSeconds: request.drainSeconds ?? 900,
    backSeconds: request.backSeconds ?? 600,
    failures: request.failures ?? Math.ceil(machines * 0.02),
  };
}

/** Sizes of the stages that a number of machines is taken in. */
export function stagesOf(machines: number, canary: boolean): readonly number[] {
  if (!canary || machines < 2) return [machines];
  const share = Math.min(machines - 1, Math.ceil(machines * 0.05));
  return [1, share, machines - 1 - share].filter((size) => size > 0);
}
