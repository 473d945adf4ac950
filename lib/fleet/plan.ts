import { allowance } from './admit.ts';
import { type Api, BATCH, type GroupProcess, type Headroom, type Observed } from './cloud.ts';
import { belowMinimum, floorStops, floorTooHigh, nothingChosen, refreshUnderWay } from './errors.ts';
import { type Forecast, forecast } from './forecast.ts';
import type { Ledger } from './ledger.ts';
import { type FleetRequest, type Policy, policyOf, stagesOf } from './request.ts';
import { CALLS, cureOf, fitting, type Rung, roomOf, suspendedBy, updateOf } from './rungs.ts';
import type { Actor } from './simulate.ts';
import { type FleetView, inService, type Machine, type Versions } from './view.ts';

export interface PlannedMachine {
  readonly id: string;
  readonly zone: string;
  readonly rung: Rung;
  readonly stage: number;
  readonly image?: string | undefined;
}

/** Machines that go out of service together: the next wave begins as soon as the floor and the budget let it. */
export interface Wave {
  readonly stage: number;
  readonly machines: readonly string[];
  /** How many calls of each kind it makes. */
  readonly calls: Readonly<Partial<Record<Api, number>>>;
}

/** What an operation will do. Plain JSON. */
export interface FleetPlan {
  readonly verb: FleetRequest['verb'];
  readonly group: string;
  readonly machines: readonly PlannedMachine[];
  /** Chosen ones that nothing is done to, and why. */
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
  readonly policy: Policy;
  readonly waves: readonly Wave[];
  /** Processes of Auto Scaling that are suspended meanwhile. */
  readonly suspends: readonly GroupProcess[];
  readonly forecast: Forecast;
  /** Ids that the fleet has now. */
  readonly known: readonly string[];
  /** Versions that the machines must have afterwards. @default - whatever they have */
  readonly target?: Versions | undefined;
}

/** What is known when a plan is made. */
export interface Knowledge {
  readonly view: FleetView;
  readonly headroom: Headroom;
  readonly observed: Observed;
  /** What is left in the buckets of AWS. */
  readonly ledger: Ledger;
  /** By our own clock, in milliseconds since 1970. */
  readonly now: number;
}

/**
 * Plans an operation on chosen machines: for each the cheapest rung that cures it, in stages and waves that keep the floor and the budget,
 * with a forecast. Pure.
 * @throws TandemError `fleet-nothing-chosen`, `fleet-floor-too-high`, `fleet-below-minimum`, `fleet-floor-stops`, `fleet-refresh-under-way`
 */
export function planFleet(chosen: readonly Machine[], request: FleetRequest, knowledge: Knowledge): FleetPlan {
  const { view, headroom, now } = knowledge;
  const { group } = view;
  if (group.refresh !== undefined) throw refreshUnderWay(group.name, group.refresh);
  const rungs = chosen.map((machine) => ({ machine, rung: rungOf(machine, request, knowledge) }));
  const skipped = rungs.flatMap(({ machine: { id }, rung }) =>
    rung === undefined ? [{ id, why: 'it has the current template, image and program' }] : [],
  );
  const work = spread(
    rungs.flatMap(({ machine, rung }) => (rung === undefined ? [] : [{ machine, rung }])),
    view.at,
  );
  if (work.length === 0) throw nothingChosen(group.name, skipped.length, view.machines.length);

  const left = group.desired - work.filter(({ rung }) => rung === 'retire').length;
  // AWS refuses the decrement once they are drained: then they are there for nothing.
  if (left < Math.min(group.minimum, group.desired)) throw belowMinimum(group.name, left, group.minimum);
  const policy = policyOf(request, work.length);
  const sizes = stagesOf(work.length, request.canary ?? true);
  const stageAt = sizes.flatMap((size, stage) => Array.from({ length: size }, () => stage));
  const machines = work.map(({ machine, rung }, index) => planned(machine, rung, stageAt[index] ?? 0, request, view));
  const serving = view.machines.filter((machine) => inService(machine, view.at)).length;
  const admission = { serving, desired: group.desired, taken: [], now };
  const most = allowance(admission, policy);
  const out = new Set(work.flatMap(({ machine }) => (inService(machine, view.at) ? [] : machine.id)));
  if (most === 0 && out.size === 0) throw floorTooHigh(group.name, policy, serving, group.desired);

  const actors = work.map(({ machine, rung }, index) => actorOf(machine, rung, stageAt[index] ?? 0, view.at));
  const room = roomOf(headroom);
  const course = { actors, desired: group.desired, serving, room, policy, ...knowledge };
  const expected = forecast(course, machines.length);
  if (!Number.isFinite(expected.seconds)) throw floorStops(group.name, machines.length, policy.floorPercent, most);
  return {
    ...{ verb: request.verb, group: group.name, machines, skipped, policy },
    waves: wavesOf(
      machines,
      ({ id }) => out.has(id),
      (cured) => allowance({ ...admission, serving: serving + cured }, policy),
    ),
    // What is suspended already is somebody else's, and stays so.
    suspends: suspendedBy(machines.map(({ rung }) => rung)).filter((each) => !group.suspended.includes(each)),
    forecast: expected,
    known: view.machines.filter(({ warm }) => !warm).map(({ id }) => id),
    ...(request.verb === 'rollout' ? { target: view.current } : {}),
  };
}

function rungOf(machine: Machine, request: FleetRequest, { view, headroom }: Knowledge): Rung | undefined {
  const { verb, rung } = request;
  const spares = view.machines.filter(
    ({ warm, lifecycleState }) => warm && /Stopped|Running|Hibernated/.test(lifecycleState),
  );
  const fit = (wanted: Rung): Rung => fitting(wanted, headroom, spares.length);
  if (verb === 'rollout') {
    const needed = updateOf(machine, view);
    return needed === undefined ? undefined : (rung ?? fit(needed));
  }
  if (rung !== undefined) return rung;
  if (verb === 'drain') return 'drain';
  return fit(verb === 'replace' ? 'replace' : (cureOf(machine, view.at) ?? 'process'));
}

/** Those that do not work first, then those without a job; of each in turn from every zone, so that no wave takes a whole one. */
function spread<T extends { readonly machine: Machine }>(work: readonly T[], at: number): readonly T[] {
  const places = new Map<string, number>();
  const keyed = work.map((each) => {
    const order = inService(each.machine, at) ? (each.machine.heartbeat?.state === 'idle' ? 1 : 2) : 0;
    const lane = `${order} ${each.machine.zone}`;
    const place = places.get(lane) ?? 0;
    places.set(lane, place + 1);
    return { each, order, place };
  });
  return keyed.toSorted((a, b) => a.order - b.order || a.place - b.place).map(({ each }) => each);
}

function planned(
  { id, zone }: Machine,
  rung: Rung,
  stage: number,
  { verb }: FleetRequest,
  { current }: FleetView,
): PlannedMachine {
  const image = verb === 'rollout' && rung === 'root-volume' ? { image: current.image } : {};
  return { id, zone, rung, stage, ...image };
}

function actorOf(machine: Machine, rung: Rung, stage: number, at: number): Actor {
  const { heartbeat } = machine;
  const serves = inService(machine, at);
  const since = heartbeat?.jobSince;
  return {
    ...{ rung, stage, serves, busy: serves && heartbeat?.state === 'busy' },
    ...(since === undefined ? {} : { busySeconds: Math.max(0, at - since) / 1000 }),
  };
}

/** Those out of service come first, cost nothing of the floor, and serve once their wave is over. @param allowed - After so many were cured */
function wavesOf(
  machines: readonly PlannedMachine[],
  isOut: (machine: PlannedMachine) => boolean,
  allowed: (cured: number) => number,
): readonly Wave[] {
  const waves: Wave[] = [];
  let cured = 0;
  for (const [stage, all] of Map.groupBy(machines, (each) => each.stage))
    for (let left = all; left.length > 0; ) {
      const out = left.filter(isOut).length;
      const wave = left.slice(0, Math.max(1, out + allowed(cured)));
      waves.push({ stage, machines: wave.map(({ id }) => id), calls: callsOf(wave) });
      left = left.slice(wave.length);
      cured += out;
    }
  return waves;
}

/** Calls of a wave, if all that can go in one call does. */
function callsOf(wave: readonly PlannedMachine[]): Wave['calls'] {
  const calls: Partial<Record<Api, number>> = {};
  for (const [rung, machines] of Map.groupBy(wave, (each) => each.rung)) {
    const zones = [...Map.groupBy(machines, ({ zone }) => zone).values()];
    for (const api of CALLS[rung]) {
      // A protected instance spares the others of its zone: each zone has calls of its own.
      const lots = api === 'TerminateInstances' ? zones : [machines];
      const count = lots.reduce((sum, lot) => sum + Math.ceil(lot.length / BATCH[api]), 0);
      calls[api] = (calls[api] ?? 0) + count;
    }
  }
  return calls;
}
