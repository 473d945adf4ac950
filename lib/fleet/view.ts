/** A fleet at a moment, as AWS and its agents tell of it. Times are in milliseconds since 1970. */
export interface FleetView {
  /** When it was looked at, by the clock of whoever looked. */
  readonly at: number;
  readonly group: Group;
  /** Instances of the group, those of its warm pool, and those that were detached from it and are not terminated yet. */
  readonly machines: readonly Machine[];
  /** What an instance gets that is launched now. */
  readonly current: Versions;
}

export interface Versions {
  /** Number of the launch template's version, as text. */
  readonly template: string;
  readonly image: string;
  /** Version of the program; undefined where the fleet runs a command that is on its image. */
  readonly program?: string | undefined;
}

export interface Group {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
  /** Availability Zones it launches in: `eu-west-3a`. */
  readonly zones: readonly string[];
  /** Names of suspended processes: `AZRebalance`. */
  readonly suspended: readonly string[];
  /** Percent of the desired capacity: the group's instance maintenance policy. */
  readonly minimumHealthyPercent: number;
  readonly hasWarmPool: boolean;
  /** Id of an instance refresh that has not ended. @default - none is under way */
  readonly refresh?: string | undefined;
}

/** `DescribeAutoScalingInstances`, and `Detached` for those that belonged to the group. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export type LifecycleState =
  | 'Pending'
  | 'Pending:Wait'
  | 'Pending:Proceed'
  | 'InService'
  | 'Terminating'
  | 'Terminating:Wait'
  | 'Terminating:Proceed'
  | 'Terminating:Retained'
  | 'Terminated'
  | 'Detaching'
  | 'Detached'
  | 'EnteringStandby'
  | 'Standby'
  | `ReplacingRootVolume${string}`
  | 'RootVolumeReplaced'
  | `Warmed:${string}`;

/** What an agent says of itself. */
export const WORKER_STATES = ['starting', 'warm', 'idle', 'busy', 'draining', 'drained', 'broken'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

export interface Heartbeat {
  readonly at: number;
  readonly state: WorkerState;
  /** Id of its first job. */
  readonly job?: string | undefined;
  /** When that job began. */
  readonly jobSince?: number | undefined;
  /** Version of the agent. */
  readonly version: string;
  readonly program?: string | undefined;
  /** When the agent's process started. @default - agents before 0.4 do not say */
  readonly startedAt?: number | undefined;
  /** Jobs that failed there in a row. @default 0 */
  readonly failures?: number | undefined;
  /** Why it is broken, in its own words. @default - it is not, or does not say */
  readonly reason?: string | undefined;
}

export interface Machine {
  /** `i-0123456789abcdef0` */
  readonly id: string;
  /** `eu-west-3a` */
  readonly zone: string;
  /** `m7g.large` */
  readonly type: string;
  readonly lifecycleState: LifecycleState;
  /** What EC2 says of it. */
  readonly state: 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
  /** `impaired`: a status check failed, of the system (the host) or of the instance. `unhealthy`: the group says so. */
  readonly health: 'healthy' | 'impaired-instance' | 'impaired-system' | 'unhealthy';
  readonly protectedFromScaleIn: boolean;
  readonly launchedAt: number;
  readonly imageId: string;
  readonly templateVersion: string;
  readonly purchase: 'spot' | 'on-demand';
  /** Whether it stands in the warm pool. */
  readonly warm: boolean;
  /** Version of its program, as its agent says. */
  readonly program: string | undefined;
  /** EC2 takes it at that moment. @default - no Spot notice */
  readonly takenAt?: number | undefined;
  /** Its last one. @default - there is none */
  readonly heartbeat?: Heartbeat | undefined;
  /** Its newest task. @default - there is none */
  readonly rootVolumeTask?: { readonly id: string; readonly state: 'pending' | 'succeeded' | 'failed' } | undefined;
}

/** Heartbeats come every 15 s; whoever sent none for so long is lost. */
export const LOST_AFTER_MS = 45_000;

/** Whether it takes or does jobs: what the floor of an operation counts. */
export function inService(machine: Machine, at: number): boolean {
  const { lifecycleState, state, health, heartbeat } = machine;
  if (lifecycleState !== 'InService' || state !== 'running' || health !== 'healthy' || heartbeat === undefined)
    return false;
  return (heartbeat.state === 'idle' || heartbeat.state === 'busy') && !isLost(machine, at);
}

export function isLost({ heartbeat }: Machine, at: number): boolean {
  return heartbeat !== undefined && at - heartbeat.at > LOST_AFTER_MS;
}
