import { METRICS } from './autoscaling/metrics.ts';
import type { State, Timer } from './context.ts';
import { subnetState } from './ec2/supply.ts';
import { schedule, type TimelineState } from './timeline.ts';
import type { ModelOptions, SubnetOptions, Timings } from './types.ts';

const TIMINGS: Timings = {
  boot: { mean: 60, spread: 20 },
  running: { mean: 8, spread: 4 },
  reboot: { mean: 60, spread: 20 },
  rootVolume: { mean: 20, spread: 5 },
  warmStart: { mean: 30, spread: 5 },
  stop: { mean: 20, spread: 10 },
  terminate: { mean: 30, spread: 15 },
};

/** An account before anything was called. */
export function firstState(options: ModelOptions): State {
  const { seed = 1, now = 0, region = 'eu-west-3', account = '111122223333', quotas = {} } = options;
  const timeline: TimelineState<Timer> = { heap: [], sequence: 0 };
  schedule(timeline, (Math.floor(now / METRICS.everyMs) + 1) * METRICS.everyMs, { kind: 'autoscaling.metrics' });
  return {
    now,
    settings: {
      region,
      account,
      timings: { ...TIMINGS, ...options.timings },
      vcpus: options.vcpus ?? {},
      consistency: options.consistency ?? { share: 0.2, mostSeconds: 3 },
      limits: options.limits ?? {},
      deadBoots: options.deadBoots ?? 0,
    },
    random: { seed, streams: new Map() },
    timeline,
    buckets: new Map(),
    ec2: {
      machines: new Map(),
      subnets: new Map((options.subnets ?? threeZones(region)).map((subnet) => [subnet.SubnetId, subnetState(subnet)])),
      templates: new Map(),
      rootVolumeTasks: new Map(),
      capacity: new Map(),
      unoffered: new Map(),
      interfaces: new Map(),
      images: new Map((options.images ?? []).map((image) => [image.ImageId, image])),
      quotas: new Map([
        ['on-demand', quotas.onDemandVcpus ?? 4000],
        ['spot', quotas.spotVcpus ?? 4000],
      ]),
      vcpus: new Map(),
      clientTokens: new Map(),
      sequence: 0,
    },
    autoscaling: { groups: new Map(), groupOf: new Map(), activities: new Map() },
    cloudwatch: { series: new Map(), alarms: new Map() },
  };
}

function threeZones(region: string): SubnetOptions[] {
  return ['a', 'b', 'c'].map((zone, at) => ({
    SubnetId: `subnet-${zone}`,
    AvailabilityZone: `${region}${zone}`,
    CidrBlock: `10.0.${at * 4}.0/22`,
  }));
}
