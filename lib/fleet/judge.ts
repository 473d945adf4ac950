import type { Tracked } from './track.ts';
import { type FleetView, LOST_AFTER_MS, type Machine } from './view.ts';

/**
 * Since when each machine's last heartbeat is seen, by our own clock: an agent whose clock is wrong is not lost. `seenAt` is when it came,
 * which of one that was there at the first look its own time tells; `watchedAt` is when we first saw it.
 */
export type Liveness = ReadonlyMap<
  string,
  { readonly beat: number; readonly seenAt: number; readonly watchedAt: number }
>;

/** What a look at the fleet adds. @param now - By the clock that counts time-outs */
export function observe(before: Liveness, view: FleetView, now: number): Liveness {
  return new Map(
    view.machines.flatMap(({ id, heartbeat }) => {
      if (heartbeat === undefined) return [];
      const known = before.get(id);
      if (known?.beat === heartbeat.at) return [[id, known] as const];
      const age = known === undefined ? Math.max(0, view.at - heartbeat.at) : 0;
      return [[id, { beat: heartbeat.at, seenAt: now - age, watchedAt: now }] as const];
    }),
  );
}

/** A machine, as this operation sees it. */
export interface Sight {
  readonly view: FleetView;
  readonly alive: Liveness;
  readonly now: number;
}

export function isAlive({ id }: Pick<Machine, 'id'>, { alive, now }: Pick<Sight, 'alive' | 'now'>): boolean {
  const known = alive.get(id);
  return known !== undefined && now - known.seenAt <= LOST_AFTER_MS;
}

/** Whether it sent no heartbeat for so long as we watched it: what was old at the first look may come from a wrong clock. */
export function isSilent({ id }: Pick<Machine, 'id'>, { alive, now }: Pick<Sight, 'alive' | 'now'>): boolean {
  const known = alive.get(id);
  return known === undefined || now - known.watchedAt > LOST_AFTER_MS;
}

/** Whether it takes or does jobs in the group, as far as is known. */
export function serves(machine: Machine, sight: Sight): boolean {
  return mayServe(machine, sight) && isAlive(machine, sight);
}

/** Whether it takes or does jobs, or only its clock says that it does not. */
export function mayServe(machine: Machine, sight: Sight): boolean {
  const { lifecycleState, state, health, heartbeat } = machine;
  const works = heartbeat?.state === 'idle' || heartbeat?.state === 'busy';
  return (
    lifecycleState === 'InService' && state === 'running' && health === 'healthy' && works && !isSilent(machine, sight)
  );
}

/** Whether no job is left there that could end. */
export function isDrained(machine: Machine, sight: Sight): boolean {
  const { state, heartbeat } = machine;
  if (state !== 'running' || heartbeat === undefined || isSilent(machine, sight)) return true;
  return heartbeat.state === 'drained' || heartbeat.state === 'broken';
}

/** Whether it came back after what was done to it: a heartbeat that was written later, by a worker that works. */
export function isBack(machine: Machine, { beatBefore, rung }: Tracked, sight: Sight): boolean {
  const { state, heartbeat, warm } = machine;
  if (state !== 'running' || heartbeat === undefined || !isAlive(machine, sight)) return false;
  if (beatBefore !== undefined && heartbeat.at <= beatBefore) return false;
  if (rung === 'root-volume' && machine.rootVolumeTask?.state !== 'succeeded') return false;
  return heartbeat.state === 'idle' || heartbeat.state === 'busy' || (warm && heartbeat.state === 'warm');
}

/** Whether it is on its way out of EC2, or out of it. */
export function isGoing(machine: Machine | undefined): boolean {
  return machine === undefined || machine.state === 'shutting-down' || machine.state === 'terminated';
}

/** Whether it left the group, or is about to. */
export function isOutside(machine: Machine | undefined): boolean {
  return isGoing(machine) || /^(Detach|Terminat)/.test(machine?.lifecycleState ?? '');
}
