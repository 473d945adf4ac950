import type { Forecast } from '../../../packages/fleet-scaler/src/types.ts';
import { bareFleet } from '../baselines/bare-fleet.ts';
import { predictive } from '../baselines/predictive.ts';
import { stepScaling } from '../baselines/step-scaling.ts';
import { targetTracking } from '../baselines/target-tracking.ts';
import type { Contender, FleetSizes } from '../contender.ts';
import { noSuchPolicy } from '../errors.ts';
import type { FleetDefinition } from '../fleet/definition.ts';
import { type loadDecide, tandemPolicy } from '../policy/tandem.ts';

/** One of those that a report compares. */
export interface ReportContender extends Contender {
  /** The environment's own. @default false */
  readonly isConfigured?: boolean;
}

/** What an environment says of its scaling beside its template. */
export interface ConfiguredOptions {
  /** The function that sets the capacity. @default - AWS's policies alone */
  readonly scaler?: { readonly waitSeconds: number; readonly idleSeconds: number } | undefined;
  /** Until a new instance counts. */
  readonly warmupSeconds: number;
  /** Jobs that an instance does at once. */
  readonly slots: number;
  /** What decides in Tandem's own policy. */
  readonly decide: Awaited<ReturnType<typeof loadDecide>>;
}

export interface ContenderOptions extends ConfiguredOptions {
  /** As the configuration has it, in waiting jobs. */
  readonly backlogPerInstance: number;
  /** Seconds that a job may wait, which Tandem's own policy then aims at. @default 120 */
  readonly goalSeconds?: number | undefined;
  /** What Tandem's own policy is told. @default - what it learns */
  readonly forecast?: Forecast | undefined;
  /** @default - all */
  readonly policies?: readonly string[] | undefined;
}

/** What the environment's own way is called in reports. */
const CONFIGURED = 'configured';

type Made = (sizes: FleetSizes, options: ContenderOptions) => Omit<Contender, 'name'>;

/** Percent of its lanes that a forecast capacity is to have busy: AWS's example of a target (API reference, PredictiveScalingMetricSpecification). */
const FORECAST_UTILIZATION = 70;
/** Seconds from the call of a launch until a worker takes jobs: the model's mean boot, and the worker's start. */
export const BOOT_SECONDS = 65;

/** By name: Tandem's own, with its defaults but for the goal, and AWS's, each with the backlog that the environment aims at. New for a call, for some remember. */
const OTHERS: Readonly<Record<string, Made>> = {
  tandem: (sizes, { slots, decide, forecast, goalSeconds: waitSeconds = 120 }) => ({
    fleet: bareFleet(sizes),
    policy: tandemPolicy(decide, { waitSeconds, bootSeconds: BOOT_SECONDS, idleSeconds: 60, slots }, forecast),
  }),
  'target-tracking': (sizes, { backlogPerInstance: target }) => targetTracking(sizes, { target }),
  'step-scaling': (sizes, { backlogPerInstance: jobs }) => stepScaling(sizes, { jobs }),
  predictive: (sizes, { backlogPerInstance: target, slots }) =>
    predictive(sizes, { target, slots, utilization: FORECAST_UTILIZATION }),
};

/** Names that `--policies` takes. */
const POLICY_NAMES: readonly string[] = [CONFIGURED, ...Object.keys(OTHERS)];

/**
 * The environment's own policy first, then the others on the same bounds, instances and purchase options.
 * @throws TandemError `no-such-scaling-policy`
 */
export function contendersOf(fleet: FleetDefinition, options: ContenderOptions): ReportContender[] {
  const { policies = POLICY_NAMES } = options;
  return [...new Set([CONFIGURED, ...policies])].map((name) => {
    if (name === CONFIGURED) return configuredOf(fleet, options);
    const made = OTHERS[name];
    if (made === undefined) throw noSuchPolicy(name, POLICY_NAMES);
    const { MinSize: minimum, MaxSize: maximum } = fleet.group;
    const { fleet: scaled, policy } = made({ minimum, maximum }, options);
    const { AutoScalingGroupName } = scaled.group;
    return { name, policy, fleet: { ...scaled, group: { ...fleet.group, AutoScalingGroupName } } };
  });
}

/** The environment as it is configured. */
export function configuredOf(
  fleet: FleetDefinition,
  { scaler, warmupSeconds: bootSeconds, slots, decide }: ConfiguredOptions,
): ReportContender {
  const policy = scaler === undefined ? undefined : tandemPolicy(decide, { ...scaler, bootSeconds, slots });
  return { name: CONFIGURED, fleet, policy, isConfigured: true };
}
