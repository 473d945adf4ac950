import type { LimitOptions } from '../lib/aws-model/types.ts';
import type { Ledger } from '../lib/fleet/ledger.ts';
import type { FleetRequest } from '../lib/fleet/request.ts';
import type { SharedLedger } from '../lib/fleet/shared-ledger.ts';
import { planOf, portsOf, run } from '../test/lib/fleet/world/operate.ts';
import type { Benchmark } from './benchmark.ts';
import { busyFleet } from './fleet.ts';

const REQUEST: FleetRequest = { verb: 'restart', rung: 'root-volume', floorPercent: 0, canary: false, drainSeconds: 1 };
const PUBLISHED = 'published limits';
const CASES: Readonly<Record<string, LimitOptions>> = {
  [PUBLISHED]: {},
  'limits at 0.3': { scale: 0.3 },
  'limits at 0.3, another takes half': { scale: 0.3, othersTake: 0.5 },
  'another takes half': { othersTake: 0.5 },
  'limits at twice, another takes half': { scale: 2, othersTake: 0.5 },
};
/** Operations after which the ledger has converged, and those that are counted. */
const [LEARNS, COUNTS] = [2, 3];

/** One call a machine, all at once: the operation that throttles most. One ledger for all, as in the store. */
export const benchmark: Benchmark = {
  title:
    'throttled calls: none at published limits; with limits hidden (0.3 to 2 times) and another consumer taking half, their share after convergence against one in a hundred',
  atMost: 1,
  measure: async (progress) => {
    let worst = 0;
    const broken: string[] = [];
    for (const [name, limits] of Object.entries(CASES)) {
      const world = busyFleet({ machines: 200, maximum: 400 });
      world.model.world.setLimits(limits);
      const ports = { ...portsOf(world), ledger: ledgerInMemory() };
      const shares: string[] = [];
      let [made, throttled] = [0, 0];
      for (let turn = 0; turn < LEARNS + COUNTS; turn += 1) {
        const plan = await planOf(world, REQUEST, {}, ports);
        const { calls } = await run(ports, { plan });
        const count = calls.made.CreateReplaceRootVolumeTask ?? 0;
        shares.push(`${calls.throttled} of ${count}`);
        if (name === PUBLISHED && calls.throttled > 0) broken.push(`${calls.throttled} throttled at ${name}`);
        if (turn >= LEARNS) [made, throttled] = [made + count, throttled + calls.throttled];
        // The workers find jobs again.
        world.advance(world.now() + 60_000);
      }
      worst = Math.max(worst, throttled / (made + throttled));
      progress(`${name}: ${shares.join(', ')}`);
    }
    return { measured: worst * 100, yardstick: 1, unit: '%', broken };
  },
};

/** Of one process. */
function ledgerInMemory(): SharedLedger {
  let ledger: Ledger = {};
  return {
    update: async (change) => {
      const { ledger: next, value } = change(ledger);
      ledger = next;
      return value;
    },
  };
}
