import { runOperation } from '../deploy/operation.ts';
import { grantedWhenever } from './effects.ts';
import { aboveMaximum, belowMinimum, fleetInterrupted, fleetUnfinished, scaleShort } from './errors.ts';
import type { FleetOptions } from './executor.ts';
import { type Liveness, observe, serves } from './judge.ts';
import type { FleetPorts } from './ports.ts';
import { POLL_SECONDS } from './simulate.ts';
import { isFleetOperation } from './suspensions.ts';
import type { FleetView } from './view.ts';

export interface ScaleOptions extends Omit<FleetOptions, 'plan' | 'onProgress'> {
  /** Machines that the fleet is to have. */
  readonly desired: number;
  readonly onProgress?: (progress: { readonly at: number; readonly serving: number; readonly desired: number }) => void;
}

/** How long machines may take to serve. */
const MOST_SECONDS = 900;

/**
 * Why a fleet cannot have so many machines: AWS refuses a number above the maximum as a whole, and one below the minimum.
 * @throws TandemError `fleet-above-maximum`, `fleet-below-minimum`
 */
export function requireWithin({ group }: FleetView, desired: number): void {
  if (desired > group.maximum) throw aboveMaximum(group.name, desired, group.maximum);
  if (desired < group.minimum) throw belowMinimum(group.name, desired, group.minimum);
}

/**
 * Sets the number of machines, and waits until so many serve. Fewer are chosen and drained by Auto Scaling, with its hooks.
 * @throws TandemError `fleet-above-maximum`, `fleet-below-minimum`, `fleet-unfinished`, `fleet-short`, `fleet-interrupted`
 */
export async function scaleFleet(ports: FleetPorts, options: ScaleOptions): Promise<{ readonly seconds: number }> {
  const { stack, verb, resume, signal, emit, desired, onProgress, lockTimeoutSeconds } = options;
  const { cloud, clock } = ports;
  requireWithin(await cloud.look(), desired);
  const runner = {
    ...{ verb, resume, signal, emit, arguments: { desired } },
    ...(lockTimeoutSeconds === undefined ? {} : { lockTimeoutSeconds }),
    resumes: (open: { readonly verb: string }) => open.verb === verb,
    refuses: (open: Parameters<typeof fleetUnfinished>[1]) =>
      isFleetOperation(open) && open.verb !== verb ? fleetUnfinished(stack, open) : undefined,
  };
  return await runOperation(ports, [stack], runner, async (operation) => {
    const begun = clock.now();
    const set = () => grantedWhenever(ports, 'SetDesiredCapacity', () => cloud.setDesired(desired));
    await operation.step('set desired capacity', set, { detail: { desired } });
    let alive: Liveness = new Map();
    for (;;) {
      const view = await cloud.look();
      const now = clock.now();
      alive = observe(alive, view, now);
      const members = view.machines.filter(({ warm }) => !warm);
      const serving = members.filter((machine) => serves(machine, { view, alive, now })).length;
      onProgress?.({ at: now, serving, desired });
      const seconds = (now - begun) / 1000;
      if (serving === desired) return { seconds };
      if (signal.aborted) throw fleetInterrupted(resume);
      if (seconds > MOST_SECONDS) {
        const [fault] = await cloud.launchFaults(begun);
        throw scaleShort(view.group.name, serving, desired, fault?.message);
      }
      await clock.sleep(POLL_SECONDS * 1000, signal);
    }
  });
}
