import { TandemError } from '../errors/tandem-error.ts';
import { CloudFault } from './cloud.ts';
import { faultMet } from './errors.ts';
import { type FleetOptions, runFleet } from './executor.ts';
import { isSilent, type Liveness, observe, type Sight } from './judge.ts';
import { planFleet } from './plan.ts';
import type { FleetOutcome, FleetPorts } from './ports.ts';
import { POLL_SECONDS } from './simulate.ts';
import { giveBackLeft } from './suspensions.ts';
import type { FleetView, Machine } from './view.ts';

/** A machine that failed, and how it is known. */
interface Sick {
  readonly id: string;
  readonly why: string;
}

/** What a watch tells. */
export type WatchEvent =
  | { readonly kind: 'replacing'; readonly at: number; readonly sick: readonly Sick[] }
  | { readonly kind: 'replaced'; readonly at: number; readonly report: FleetOutcome }
  /** Processes of the group that an interrupted operation had left suspended. */
  | { readonly kind: 'gave-back'; readonly at: number; readonly processes: readonly string[] }
  /** So many at once have one cause, which replacing them does not cure. */
  | { readonly kind: 'too-many'; readonly at: number; readonly sick: readonly Sick[]; readonly most: number }
  /** Another operation has the fleet, or AWS does not answer: the watch goes on. */
  | { readonly kind: 'held-up'; readonly at: number; readonly sick: readonly Sick[]; readonly error: Error };

export interface WatchOptions extends Omit<FleetOptions, 'plan' | 'onProgress'> {
  readonly onEvent: (event: WatchEvent) => void;
}

/** One in ten, and never fewer than three, may be sick at once without that being somebody else's outage. */
const MOST_SHARE = 0.1;
const MOST = 3;
/** Beats come every 15 s, and looks every five. */
const LATE_MS = 25_000;
/** A job on a machine that fails has so long to end, in seconds. */
const DRAIN_SECONDS = 60;

/** Machines of the group that failed: status check, Spot notice, worker that gave up, heartbeats that stopped. Pure. */
function sickIn(view: FleetView, sight: Pick<Sight, 'alive' | 'now'>): readonly Sick[] {
  return view.machines.flatMap((machine) => {
    const why =
      machine.lifecycleState === 'InService' && machine.state === 'running' ? whySick(machine, sight) : undefined;
    return why === undefined ? [] : [{ id: machine.id, why }];
  });
}

function whySick(machine: Machine, sight: Pick<Sight, 'alive' | 'now'>): string | undefined {
  const { health, heartbeat, takenAt } = machine;
  if (takenAt !== undefined) return 'EC2 takes it back (Spot notice)';
  if (health !== 'healthy') return `its health is ${health}`;
  if (heartbeat?.state === 'broken') return 'its worker says that it is broken';
  // Who was drained said so before it fell silent; who never beat is the launching hook's business.
  const hasStopped = heartbeat !== undefined && heartbeat.state !== 'drained' && isSilent(machine, sight);
  return hasStopped ? 'its heartbeats stopped' : undefined;
}

/** Machines that missed a beat: where all fall silent at once, each is found at another moment. */
function lateIn(view: FleetView, { alive, now }: Pick<Sight, 'alive' | 'now'>, sick: readonly Sick[]): number {
  const found = new Set(sick.map(({ id }) => id));
  return view.machines.filter(({ id, lifecycleState, heartbeat }) => {
    const watchedAt = alive.get(id)?.watchedAt ?? now;
    return (
      lifecycleState === 'InService' && heartbeat?.state !== 'drained' && !found.has(id) && now - watchedAt > LATE_MS
    );
  }).length;
}

function mostSick({ group }: FleetView): number {
  return Math.max(MOST, Math.ceil(group.desired * MOST_SHARE));
}

/**
 * Watches a fleet until the signal is aborted, and replaces machines that fail: another is launched, or taken from the warm pool, before
 * the failed one is drained. The fleet is locked only while one is replaced.
 * @throws TandemError `fleet-forbidden`, `lock-lost`
 */
export async function watchFleet(ports: FleetPorts, { onEvent, ...options }: WatchOptions): Promise<void> {
  const { cloud, clock } = ports;
  let alive: Liveness = new Map();
  let told = '';
  const turn = async (): Promise<void> => {
    let sick: readonly Sick[] = [];
    try {
      const view = await cloud.look();
      const now = clock.now();
      alive = observe(alive, view, now);
      const processes = await giveBackLeft(ports, options.stack, view.group.suspended);
      if (processes.length > 0) onEvent({ kind: 'gave-back', at: now, processes });
      sick = sickIn(view, { alive, now });
      const most = mostSick(view);
      const ids = sick.map(({ id }) => id).join(' ');
      const isOutage = sick.length > 0 && sick.length + lateIn(view, { alive, now }, sick) > most;
      if (isOutage && ids !== told) onEvent({ kind: 'too-many', at: now, sick, most });
      told = ids;
      if (sick.length === 0 || isOutage) return;
      onEvent({ kind: 'replacing', at: now, sick });
      const report = await replaceAll(ports, { ...options, alive }, view, sick);
      onEvent({ kind: 'replaced', at: clock.now(), report });
    } catch (error) {
      // New credentials are given to a new watch.
      if (error instanceof CloudFault && error.facts.kind === 'unauthorised') throw faultMet(error);
      if (!(error instanceof CloudFault || (error instanceof TandemError && PASSING.has(error.code)))) throw error;
      onEvent({ kind: 'held-up', at: clock.now(), sick, error });
    }
  };
  while (!options.signal.aborted) {
    await turn();
    await clock.sleep(POLL_SECONDS * 1000, options.signal);
  }
}

const PASSING: ReadonlySet<string> = new Set([
  'state-locked',
  'fleet-unfinished',
  'fleet-paused',
  'fleet-interrupted',
  'fleet-refresh-under-way',
]);

async function replaceAll(
  ports: FleetPorts,
  options: Omit<WatchOptions, 'onEvent'>,
  view: FleetView,
  sick: readonly Sick[],
): Promise<FleetOutcome> {
  const { cloud, ledger, clock } = ports;
  const ids = new Set(sick.map(({ id }) => id));
  const headroom = await cloud.headroom();
  const known = await ledger.update((before) => ({ ledger: before, value: before }));
  const observed = { boots: [], jobs: [] };
  const request = { verb: 'replace', floorPercent: 0, canary: false, drainSeconds: DRAIN_SECONDS } as const;
  const chosen = view.machines.filter(({ id }) => ids.has(id));
  const plan = planFleet(chosen, request, { view, headroom, observed, ledger: known, now: clock.now() });
  return await runFleet(ports, { ...options, plan });
}
