import { bareFleet } from '../../lib/simulate/baselines/bare-fleet.ts';
import { loadDecide } from '../../lib/simulate/policy/tandem.ts';
import { contendersOf } from '../../lib/simulate/report/contenders.ts';
import { bestOf, judge } from '../../lib/simulate/report/judge.ts';
import { plotsOf } from '../../lib/simulate/report/plots.ts';
import { svgOf } from '../../lib/simulate/report/svg.ts';
import { openWorkload } from '../../lib/simulate/workload/open.ts';

const BOUNDS = { minimum: 10, maximum: 500 };
const POLICIES = ['tandem', 'target-tracking', 'step-scaling'];

/** `docs/pictures/simulation-burst.svg`: what policies do of a burst, as the page of a simulation shows it; the same bytes for the same policies. */
export async function simulationFiles(): Promise<ReadonlyMap<string, string>> {
  const workload = await openWorkload('made:burst', 1);
  const decide = await loadDecide();
  const options = { backlogPerInstance: 10, warmupSeconds: 120, slots: 1, decide, policies: POLICIES };
  const [still, ...contenders] = contendersOf(bareFleet(BOUNDS), options);
  if (still === undefined) throw new Error('there is no fleet to simulate');
  const judging = { seed: 1, slots: 1 };
  const best = bestOf(still, workload, judging);
  const policies = contenders.map((contender) => judge(contender, workload, best, judging));
  const [capacity] = plotsOf({ workload, best, policies });
  if (capacity === undefined) throw new Error('there is nothing to draw');
  const svg = await svgOf(capacity);
  // On a page of any colour.
  return new Map([
    ['docs/pictures/simulation-burst.svg', `${svg.replace('>', '><rect width="100%" height="100%" fill="#fff"/>')}\n`],
  ]);
}
