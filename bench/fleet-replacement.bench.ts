import { type WatchEvent, watchFleet } from '../lib/fleet/watch.ts';
import { CLUSTER, portsOf } from '../test/lib/fleet/world/operate.ts';
import { GROUP, type World } from '../test/lib/fleet/world/world.ts';
import type { Benchmark } from './benchmark.ts';
import { busyFleet } from './fleet.ts';

const HARMS: Readonly<Record<string, (world: World, id: string) => void>> = {
  'a worker that hangs': (world, id) => world.hang(id),
  'a failed status check': (world, id) => world.model.world.impair(id, 'system'),
};

function membersOf(world: World): string[] {
  const [group] = world.model.autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [GROUP],
  }).AutoScalingGroups;
  return (group?.Instances ?? []).flatMap(({ InstanceId, LifecycleState }) =>
    LifecycleState === 'InService' ? [InstanceId] : [],
  );
}

/** When one that was not there takes jobs, to the second; the failed one may still end its own. */
function nextServes(world: World, known: ReadonlySet<string>): { at: number } {
  const found = { at: Number.NaN };
  const look = (): void => {
    if (membersOf(world).some((id) => !known.has(id) && world.works(id))) found.at = world.now();
    else world.after(1000, look);
  };
  look();
  return found;
}

/** From the moment that the watch sees it until another from the warm pool serves; the heartbeat of a hung worker is missed after 45 s. */
export const benchmark: Benchmark = {
  title: 'one failed machine of 200 replaced, spare at hand, the slowest of 10, against 45 s',
  atMost: 1,
  measure: async (progress) => {
    let worst = 0;
    for (const [name, harm] of Object.entries(HARMS)) {
      const all: number[] = [];
      const seen: number[] = [];
      for (let seed = 1; seed <= 5; seed += 1) {
        const world = busyFleet({ seed, machines: 200, maximum: 400, warmPool: { minimum: 5, state: 'Stopped' } });
        const ports = portsOf(world);
        const known = new Set(membersOf(world));
        const [found = ''] = known;
        const begun = world.now();
        harm(world, found);
        const served = nextServes(world, known);
        const abort = new AbortController();
        const events: WatchEvent[] = [];
        await watchFleet(ports, {
          ...{ stack: CLUSTER, verb: 'fleet watch', resume: 'tandem fleet watch prod', signal: abort.signal },
          emit: () => undefined,
          onEvent: (event) => {
            events.push(event);
            if (event.kind === 'replaced') abort.abort();
          },
        });
        const at = (kind: WatchEvent['kind']): number => events.find((event) => event.kind === kind)?.at ?? Number.NaN;
        seen.push((at('replacing') - begun) / 1000);
        all.push((served.at - at('replacing')) / 1000);
      }
      worst = Math.max(worst, ...all);
      progress(`${name}: seen after ${seen.join(', ')} s, replaced after another ${all.join(', ')} s`);
    }
    return { measured: worst, yardstick: 45, unit: 's' };
  },
};
