import { bareFleet } from '../../lib/simulate/baselines/bare-fleet.ts';
import { predictive } from '../../lib/simulate/baselines/predictive.ts';
import { stepScaling } from '../../lib/simulate/baselines/step-scaling.ts';
import { targetTracking } from '../../lib/simulate/baselines/target-tracking.ts';
import type { Contender } from '../../lib/simulate/contender.ts';
import { tandemPolicy } from '../../lib/simulate/policy/tandem.ts';
import { BOOT_SECONDS } from '../../lib/simulate/report/contenders.ts';
import type { Point, Space } from '../../lib/simulate/search/space.ts';
import type { Decide } from '../../packages/fleet-scaler/src/types.ts';
import { meanLoad, type Trace } from './traces.ts';

/** Instances at most. */
export const MAXIMUM = 500;

/** A policy with settings that a search turns. */
export interface Family {
  readonly space: Space;
  /** The setting that trades waits for money. */
  readonly knob: string;
  readonly contender: (point: Point, trace: Trace, decide: Decide) => Contender;
}

/** Fewest instances, in percent of the mean load: what somebody would hold ready. */
const FLOOR = { from: 0, to: 200, step: 5 } as const;
const TARGET = { from: 0.05, to: 12, step: 0.05, scale: 'ratio' } as const;
const WARMUP = { from: 20, to: 400, step: 20, scale: 'ratio' } as const;

const value = (point: Point, name: string): number => point[name] ?? 0;
const sizesOf = (point: Point, trace: Trace) => ({
  minimum: Math.round((value(point, 'floor') / 100) * meanLoad(trace)),
  maximum: MAXIMUM,
});

/** AWS's policies and Tandem's, each with the same room. */
export const FAMILIES = {
  'target tracking': {
    space: { target: TARGET, warmup: WARMUP, floor: FLOOR },
    knob: 'target',
    contender: (point, trace) =>
      targetTracking(sizesOf(point, trace), { target: value(point, 'target'), warmup: value(point, 'warmup') }),
  },
  'step scaling': {
    space: {
      jobs: { from: 0.25, to: 40, step: 0.25, scale: 'ratio' },
      inMinutes: { from: 1, to: 20, scale: 'ratio' },
      inPercent: { from: 5, to: 100, step: 5, scale: 'ratio' },
      warmup: WARMUP,
      floor: FLOOR,
    },
    knob: 'jobs',
    contender: (point, trace) =>
      stepScaling(sizesOf(point, trace), {
        ...{ jobs: value(point, 'jobs'), warmup: value(point, 'warmup') },
        ...{ inMinutes: value(point, 'inMinutes'), inPercent: value(point, 'inPercent') },
      }),
  },
  'predictive scaling': {
    space: { target: TARGET, warmup: WARMUP, utilization: { from: 40, to: 140, step: 5 }, floor: FLOOR },
    knob: 'target',
    contender: (point, trace) =>
      predictive(sizesOf(point, trace), {
        ...{ target: value(point, 'target'), warmup: value(point, 'warmup') },
        ...{ utilization: value(point, 'utilization'), slots: trace.slots },
      }),
  },
  tandem: {
    space: {
      waitSeconds: { from: 1, to: 3000, scale: 'ratio' },
      idleSeconds: { from: 15, to: 300, step: 15, scale: 'ratio' },
      floor: FLOOR,
    },
    knob: 'waitSeconds',
    contender: (point, trace, decide) => ({
      name: 'tandem',
      fleet: bareFleet(sizesOf(point, trace)),
      policy: tandemPolicy(decide, {
        ...{ waitSeconds: value(point, 'waitSeconds'), idleSeconds: value(point, 'idleSeconds') },
        ...{ bootSeconds: BOOT_SECONDS, slots: trace.slots },
      }),
    }),
  },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;
