import type { Api, GroupProcess, Headroom } from './cloud.ts';
import { type FleetView, isLost, type Machine } from './view.ts';

/**
 * Ways to cure a machine, the cheapest first:
 * - `process`: the worker is stopped, and started when its job is done
 * - `reboot`: of the operating system; no capacity risk
 * - `root-volume`: the disk anew, from the snapshot of the launch or another image; no capacity risk
 * - `warm-swap`: another from the warm pool takes its place
 * - `replace`: another is launched in its place
 * - `terminate`: Auto Scaling terminates it, with its hooks, and launches another; one call each
 * Two that cure nothing: `drain` leaves it without jobs, `retire` takes it out of the fleet, which gets smaller.
 */
export const RUNGS = [
  'process',
  'reboot',
  'root-volume',
  'warm-swap',
  'replace',
  'terminate',
  'drain',
  'retire',
] as const;
export type Rung = (typeof RUNGS)[number];

/** Whether another instance comes in its place. */
export function isReplaced(rung: Rung): boolean {
  return rung === 'warm-swap' || rung === 'replace' || rung === 'terminate';
}

/** Calls of a rung, each with the ids that it takes at once: `BATCH`. */
export const CALLS: Readonly<Record<Rung, readonly Api[]>> = {
  process: ['SendCommand', 'SendCommand'],
  reboot: ['SendCommand', 'RebootInstances'],
  'root-volume': ['SendCommand', 'CreateReplaceRootVolumeTask'],
  'warm-swap': ['SendCommand', 'DetachInstances', 'TerminateInstances'],
  replace: ['SendCommand', 'DetachInstances', 'TerminateInstances'],
  terminate: ['TerminateInstanceInAutoScalingGroup'],
  drain: ['SendCommand'],
  retire: ['SendCommand', 'DetachInstances', 'TerminateInstances'],
};

/** Auto Scaling must not replace what only reboots, nor choose machines for termination by itself meanwhile. */
const WHILE_DOWN: readonly GroupProcess[] = ['ReplaceUnhealthy', 'HealthCheck', 'AZRebalance', 'AlarmNotification'];

export function suspendedBy(rungs: Iterable<Rung>): readonly GroupProcess[] {
  const all = new Set(rungs);
  if (all.has('reboot') || all.has('root-volume')) return WHILE_DOWN;
  return [...all].some((rung) => isReplaced(rung) || rung === 'retire') ? ['AZRebalance'] : [];
}

/** The cheapest rung that cures what is seen of a machine; undefined where nothing is wrong with it. */
export function cureOf(machine: Machine, at: number): Rung | undefined {
  const { health, heartbeat, takenAt } = machine;
  if (takenAt !== undefined || health === 'impaired-system' || health === 'unhealthy') return 'replace';
  if (health === 'impaired-instance') return 'reboot';
  // A full disk or a broken driver: a process that begins anew on it fails as well.
  if (heartbeat?.state === 'broken') return 'root-volume';
  // Whoever does not answer at all is not reached by Systems Manager either.
  if (isLost(machine, at) || heartbeat === undefined) return 'reboot';
  return undefined;
}

/** The cheapest rung that brings a machine to the versions that a new one gets; undefined where it has them. */
export function updateOf(machine: Machine, { current }: Pick<FleetView, 'current'>): Rung | undefined {
  // The root volume gives a machine another image; all else of a template is only read at a launch.
  if (machine.templateVersion !== current.template) return 'replace';
  if (machine.imageId !== current.image) return 'root-volume';
  return machine.program === current.program ? undefined : 'process';
}

/** Replacing takes room for one more: without any, Auto Scaling terminates first. */
export function fitting(rung: Rung, headroom: Headroom, spares: number): Rung {
  if (rung !== 'replace') return rung;
  if (spares > 0) return 'warm-swap';
  return roomOf(headroom) > 0 ? 'replace' : 'terminate';
}

/** Instances that may be launched above those that run. */
export function roomOf({ instances, addresses }: Headroom): number {
  const free = Object.values(addresses).reduce((sum, each) => sum + each, 0);
  return Math.max(0, Math.min(instances, free));
}
