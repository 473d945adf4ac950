import { ModelFault } from '../lib/aws-model/types.ts';
import { GROUP, type World } from '../test/lib/fleet/world/world.ts';
import type { Benchmark } from './benchmark.ts';
import { busyFleet, played } from './fleet.ts';

const MACHINES = 300;
/** After so long, another way is given up: it takes longer than this. */
const MOST_SECONDS = 4 * 3600;

/** Ways to replace all machines of a fleet, beside `tandem fleet replace`: in the same world, with the same jobs. */
const OTHERS: Readonly<Record<string, (world: World) => () => boolean>> = {
  'instance refresh at 90 percent': (world) => refresh(world, { MinHealthyPercentage: 90, MaxHealthyPercentage: 100 }),
  'instance refresh at 100/200': (world) => refresh(world, { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 }),
  'instance refresh, root volumes, at 60 percent': (world) =>
    refresh(world, { MinHealthyPercentage: 60, MaxHealthyPercentage: 100 }, 'ReplaceRootVolume'),
  'TerminateInstanceInAutoScalingGroup one by one': (world) => {
    const ids = members(world);
    return eachSecond(world, ids, (InstanceId) => {
      const input = { InstanceId, ShouldDecrementDesiredCapacity: false };
      world.model.call('autoscaling:TerminateInstanceInAutoScalingGroup', 'other', input);
      world.model.autoscaling.terminateInstanceInAutoScalingGroup(input);
    });
  },
};

function members(world: World): string[] {
  const [group] = world.model.autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [GROUP],
  }).AutoScalingGroups;
  return group?.Instances.map(({ InstanceId }) => InstanceId) ?? [];
}

function refresh(world: World, Preferences: object, Strategy = 'Rolling'): () => boolean {
  const overrides = [{ InstanceType: 'm7g.large', ImageId: 'ami-00000000000000001' }];
  const policy = {
    LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: GROUP, Version: '1' }, Overrides: overrides },
  };
  world.model.autoscaling.startInstanceRefresh({
    ...{ AutoScalingGroupName: GROUP, Strategy, Preferences: { InstanceWarmup: 0, ...Preferences } },
    ...(Strategy === 'Rolling' ? {} : { DesiredConfiguration: { MixedInstancesPolicy: policy } }),
  });
  return () => {
    const [found] = world.model.autoscaling.describeInstanceRefreshes({
      AutoScalingGroupName: GROUP,
    }).InstanceRefreshes;
    return found?.EndTime !== undefined;
  };
}

/** Calls for each machine, one after the other, again a second later where AWS throttles; done when all machines are others. */
function eachSecond(world: World, ids: readonly string[], call: (id: string) => void): () => boolean {
  const left = [...ids];
  const turn = (): void => {
    while (left[0] !== undefined) {
      try {
        call(left[0]);
        left.shift();
      } catch (error) {
        if (!(error instanceof ModelFault)) throw error;
        world.after(1000, turn);
        return;
      }
    }
  };
  turn();
  const old = new Set(ids);
  return () => left.length === 0 && members(world).filter((id) => !old.has(id) && world.works(id)).length >= ids.length;
}

function secondsOf(world: World, begin: (world: World) => () => boolean): number {
  const begun = world.now();
  const isDone = begin(world);
  while (!isDone() && world.now() - begun < MOST_SECONDS * 1000) world.advance(world.now() + 5000);
  return (world.now() - begun) / 1000;
}

/** The whole group, since an instance refresh cannot name a part of it. */
export const benchmark: Benchmark = {
  title: `replacing ${MACHINES} busy machines with a floor of 50 percent, canaries included, against the quickest other way`,
  atMost: 1,
  measure: async (progress) => {
    const options = { machines: MACHINES, maximum: MACHINES * 2, jobs: MACHINES * 40 };
    const own = await played(busyFleet(options), { verb: 'replace', rung: 'replace', floorPercent: 50 }, MACHINES);
    progress(
      `tandem: ${own.report.seconds} s, of it canaries ${own.canary} s; ${own.world.queue.account().lost} jobs lost`,
    );
    const bare = await played(
      busyFleet(options),
      { verb: 'replace', rung: 'replace', floorPercent: 50, canary: false },
      MACHINES,
    );
    progress(`tandem without canaries: ${bare.report.seconds} s`);
    let quickest = Number.POSITIVE_INFINITY;
    for (const [name, begin] of Object.entries(OTHERS)) {
      const world = busyFleet(options);
      const seconds = secondsOf(world, begin);
      const { lost, twice } = world.queue.account();
      progress(
        `${name}: ${seconds >= MOST_SECONDS ? 'more than ' : ''}${seconds} s; ${lost} jobs lost, ${twice} with two results`,
      );
      quickest = Math.min(quickest, seconds);
    }
    return { measured: bare.report.seconds, yardstick: quickest, unit: 's' };
  },
};
