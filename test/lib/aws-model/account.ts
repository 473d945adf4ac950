import type { CreateGroupInput, GroupInstance, HookSpecification } from '../../../lib/aws-model/autoscaling-types.ts';
import { AwsModel } from '../../../lib/aws-model/model.ts';
import { type ModelEvent, ModelFault, type ModelOptions } from '../../../lib/aws-model/types.ts';

export const START = Date.UTC(2026, 10, 28);
export const SECOND = 1000;
export const MINUTE = 60_000;

/** Timings without spread: what a test waits for comes at a known time. */
export const EXACT: ModelOptions = {
  now: START,
  consistency: { share: 0, mostSeconds: 0 },
  timings: {
    boot: { mean: 60, spread: 0 },
    running: { mean: 10, spread: 0 },
    reboot: { mean: 60, spread: 0 },
    rootVolume: { mean: 20, spread: 0 },
    warmStart: { mean: 30, spread: 0 },
    stop: { mean: 20, spread: 0 },
    terminate: { mean: 30, spread: 0 },
  },
};

/** An account with a launch template `lt`, and what happened in it. */
export class Account {
  readonly model: AwsModel;
  readonly events: ModelEvent[] = [];

  constructor(options: ModelOptions = {}) {
    this.model = new AwsModel({ ...EXACT, ...options });
    this.model.onEvent((event) => this.events.push(event));
    this.model.ec2.createLaunchTemplate({
      LaunchTemplateName: 'lt',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 'm6g.large' },
    });
  }

  /** A group `g` in service. */
  group(input: Partial<CreateGroupInput> = {}, waitMs = 5 * MINUTE): this {
    this.model.autoscaling.createAutoScalingGroup({
      AutoScalingGroupName: 'g',
      MinSize: 0,
      MaxSize: 10,
      DesiredCapacity: 3,
      VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
      ...(input.MixedInstancesPolicy === undefined && { LaunchTemplate: { LaunchTemplateName: 'lt', Version: '1' } }),
      ...input,
    });
    return this.wait(waitMs);
  }

  wait(ms: number): this {
    this.model.advanceTo(this.model.now + ms);
    return this;
  }

  /** The group as it is described. */
  get g() {
    const [found] = this.model.autoscaling.describeAutoScalingGroups({
      AutoScalingGroupNames: ['g'],
    }).AutoScalingGroups;
    if (found === undefined) throw new Error('there is no group g');
    return found;
  }

  get members(): readonly GroupInstance[] {
    return [...this.g.Instances, ...this.model.autoscaling.describeWarmPool({ AutoScalingGroupName: 'g' }).Instances];
  }

  ids(state?: string): string[] {
    return this.members
      .filter(({ LifecycleState }) => state === undefined || LifecycleState === state)
      .map(({ InstanceId }) => InstanceId);
  }

  /** How many members are in each state. */
  get states(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { LifecycleState } of this.members) counts[LifecycleState] = (counts[LifecycleState] ?? 0) + 1;
    return counts;
  }

  /** How many members each zone has. */
  get zones(): number[] {
    const counts = new Map<string, number>();
    for (const { AvailabilityZone } of this.members)
      counts.set(AvailabilityZone, (counts.get(AvailabilityZone) ?? 0) + 1);
    return [...counts.values()].sort();
  }

  /** When a member came to a state, in seconds since the start of the model. */
  at(state: string, id?: string): number {
    const found = this.events.find(
      (event) =>
        event.type === 'lifecycle-state' && event.state === state && (id === undefined || event.instanceId === id),
    );
    return found === undefined ? Number.NaN : (found.at - START) / SECOND;
  }

  complete(hook: string, id: string, result: 'CONTINUE' | 'ABANDON' = 'CONTINUE'): this {
    this.model.autoscaling.completeLifecycleAction({
      AutoScalingGroupName: 'g',
      LifecycleHookName: hook,
      InstanceId: id,
      LifecycleActionResult: result,
    });
    return this;
  }
}

export const launching = (rest: Partial<HookSpecification> = {}): HookSpecification => ({
  LifecycleHookName: 'up',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  HeartbeatTimeout: 600,
  ...rest,
});

export const terminating = (rest: Partial<HookSpecification> = {}): HookSpecification => ({
  LifecycleHookName: 'down',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  HeartbeatTimeout: 600,
  ...rest,
});

/** The code of the fault that a call gives; `none` if it gives none. */
export function faultOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    if (error instanceof ModelFault) return `${error.code}: ${error.message}`;
    throw error;
  }
}
