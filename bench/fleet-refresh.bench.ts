import { ModelFault } from '../lib/aws-model/types.ts';
import { truthOf } from '../test/lib/fleet/world/truth.ts';
import { GROUP, type World } from '../test/lib/fleet/world/world.ts';
import type { Benchmark } from './benchmark.ts';
import { busyFleet, damagesOf, played as operated } from './fleet.ts';

const MACHINES = 300;
const YARDSTICK = 'instance refresh at 90 percent';
/** After so long, another way is given up: it takes longer than this. */
const MOST_SECONDS = 4 * 3600;

/** Ways to replace all machines of a fleet, beside `tandem fleet replace`: in the same world, with the same jobs. */
const OTHERS: Readonly<Record<string, (world: World) => () => boolean>> = {
  [YARDSTICK]: (world) => refresh(world, { MinHealthyPercentage: 90, MaxHealthyPercentage: 100 }),
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
  'one RunInstances a machine, launches alone': (world) => {
    const booted = world.boots.length;
    const ids = members(world);
    const input = {
      MinCount: 1,
      MaxCount: 1,
      SubnetId: 'subnet-a',
      InstanceType: 'm7g.large',
      ImageId: 'ami-00000000000000001',
    };
    const isCalled = eachSecond(world, ids, () => {
      world.model.call('ec2:RunInstances', 'other', input);
      world.model.ec2.runInstances(input);
    });
    return () => isCalled() && world.boots.length - booted >= ids.length;
  },
};

/** Ways after which the old machines are still there. */
const KEEP: ReadonlySet<string> = new Set([
  'instance refresh, root volumes, at 60 percent',
  'one RunInstances a machine, launches alone',
]);

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
  return () => left.length === 0;
}

/** Until all machines are others and the last old one has ended its job; and the fewest that served meanwhile. */
function played(
  world: World,
  begin: (world: World) => () => boolean,
  keeps: boolean,
): { seconds: number; least: number } {
  const begun = world.now();
  const old = new Set(members(world));
  const isEnded = begin(world);
  let least = Number.POSITIVE_INFINITY;
  const isGone = (): boolean =>
    !world.model.ec2
      .describeInstances({ MaxResults: 1000 })
      .Reservations.flatMap((each) => each.Instances)
      .some(({ InstanceId, State }) => old.has(InstanceId) && State.Name === 'running');
  while (!(isEnded() && (keeps || isGone())) && world.now() - begun < MOST_SECONDS * 1000) {
    world.advance(world.now() + 5000);
    least = Math.min(least, truthOf(world).serving);
  }
  return { seconds: (world.now() - begun) / 1000, least };
}

/** The whole group, since an instance refresh cannot name a part of it. */
export const benchmark: Benchmark = {
  title: `replacing all of ${MACHINES} busy machines with a floor of 50 percent, without canaries, against an instance refresh at 90 percent`,
  atMost: 1,
  measure: async (progress) => {
    const options = { machines: MACHINES, maximum: MACHINES * 2, jobs: MACHINES * 40 };
    const request = { verb: 'replace', rung: 'replace', floorPercent: 50, canary: false } as const;
    const careful = await operated(busyFleet(options), { ...request, canary: true }, MACHINES);
    progress(`tandem: ${careful.report.seconds} s, of it canaries ${careful.canary} s`);
    const own = await operated(busyFleet(options), request, MACHINES);
    progress(`tandem without canaries: ${own.report.seconds} s`);
    let yardstick = Number.NaN;
    for (const [name, begin] of Object.entries(OTHERS)) {
      const world = busyFleet(options);
      const { seconds, least } = played(world, begin, KEEP.has(name));
      const { lost, twice } = world.queue.account();
      progress(`${name}: ${seconds} s, at least ${least} in service; ${lost} jobs lost, ${twice} with two results`);
      if (name === YARDSTICK) yardstick = seconds;
    }
    return { measured: own.report.seconds, yardstick, unit: 's', broken: damagesOf(own, 'tandem') };
  },
};
