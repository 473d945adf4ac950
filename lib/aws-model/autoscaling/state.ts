import type {
  Activity,
  CreateGroupInput,
  LifecycleHook,
  LifecycleState,
  ScalingPolicy,
  ScheduledAction,
  TagDescription,
  WarmPoolConfiguration,
} from '../autoscaling-types.ts';
import type { MachineTemplate, Purchase } from '../ec2/state.ts';
import type { InstanceRefresh } from '../refresh-types.ts';
import type { Time } from '../types.ts';

export type Transition = 'launching' | 'terminating';

/** An instance waits for one hook. */
export interface HookWait {
  readonly hook: string;
  readonly transition: Transition;
  readonly token: string;
  readonly timeoutMs: number;
  readonly defaultResult: 'CONTINUE' | 'ABANDON';
  /** Heartbeats move the deadline no further. */
  readonly lastDeadline: Time;
  deadline: Time;
}

/** An instance as its group knows it. */
export interface Member {
  readonly id: string;
  readonly zone: string;
  readonly type: string;
  readonly purchase: Purchase;
  readonly launchedAt: Time;
  template?: MachineTemplate | undefined;
  image: string;
  state: LifecycleState;
  healthy: boolean;
  protected: boolean;
  waits: HookWait[];
  inServiceAt?: Time | undefined;
  activity?: string | undefined;
  /** It was launched beyond the desired capacity, to take the place of this instance. */
  replaces?: string | undefined;
  /** Made, or given a new root volume, by this instance refresh. */
  refresh?: string | undefined;
  /** After its terminating hooks it goes back to the warm pool. */
  reuse: boolean;
}

export interface RefreshState extends InstanceRefresh {
  /** What is left to replace, first come first. */
  readonly targets: string[];
  readonly total: number;
  /** The batch that is being replaced, by the instance that goes. */
  readonly batch: string[];
  /** Checkpoints that were passed. */
  checkpoints: number;
  waitUntil?: Time | undefined;
  /** Anything that was replaced puts it off. */
  progressAt: Time;
  /** The rollback of this refresh is under way. */
  rollback: boolean;
}

export interface PolicyState {
  readonly policy: Omit<ScalingPolicy, 'Alarms'>;
  /** Names of the alarms that target tracking made. */
  readonly alarms: string[];
}

export interface ScheduleState {
  readonly action: ScheduledAction;
  readonly revision: number;
}

export interface GroupState {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Time;
  min: number;
  max: number;
  desired: number;
  launchTemplate: CreateGroupInput['LaunchTemplate'];
  mixedInstancesPolicy: CreateGroupInput['MixedInstancesPolicy'];
  /** Everything else that was set, in AWS's words. */
  settings: Omit<
    CreateGroupInput,
    | 'AutoScalingGroupName'
    | 'MinSize'
    | 'MaxSize'
    | 'DesiredCapacity'
    | 'LaunchTemplate'
    | 'MixedInstancesPolicy'
    | 'Tags'
  >;
  readonly subnets: string[];
  tags: TagDescription[];
  readonly members: Map<string, Member>;
  readonly hooks: Map<string, LifecycleHook>;
  readonly suspended: Map<string, string>;
  metrics: string[];
  warmPool?: WarmPoolConfiguration | undefined;
  readonly policies: Map<string, PolicyState>;
  readonly schedules: Map<string, ScheduleState>;
  readonly refreshes: RefreshState[];
  deleting: boolean;
  /** The next look at what is and what should be. */
  reconcileAt?: Time | undefined;
  /** After a launch that failed, none before. */
  launchAfter: Time;
  /** Of simple scaling policies and HonorCooldown. */
  scaledAt?: Time | undefined;
}

export interface AutoScalingState {
  readonly groups: Map<string, GroupState>;
  /** The group of an instance. */
  readonly groupOf: Map<string, string>;
  /** Newest last. */
  readonly activities: Map<string, Activity>;
}

export type AutoScalingTimer =
  | { readonly kind: 'autoscaling.reconcile'; readonly group: string; readonly at: Time }
  | { readonly kind: 'autoscaling.health'; readonly group: string; readonly createdAt: Time }
  | { readonly kind: 'autoscaling.hook'; readonly group: string; readonly id: string; readonly token: string }
  | { readonly kind: 'autoscaling.settle'; readonly group: string; readonly id: string; readonly state: LifecycleState }
  | { readonly kind: 'autoscaling.metrics' }
  | { readonly kind: 'autoscaling.schedule'; readonly group: string; readonly name: string; readonly revision: number };
