import { z } from 'zod';
import type { Described } from '../text/described.ts';
import type { FleetView } from './view.ts';

/** Calls that an operation makes, by the names that AWS limits them under. */
export type Api =
  | 'DescribeFleet'
  | 'SendCommand'
  | 'RebootInstances'
  | 'CreateReplaceRootVolumeTask'
  | 'TerminateInstances'
  | 'DetachInstances'
  | 'TerminateInstanceInAutoScalingGroup'
  | 'SetInstanceHealth'
  | 'SetDesiredCapacity'
  | 'SuspendProcesses'
  | 'ResumeProcesses';

/** Why a call had no effect, or why nobody knows whether it had. */
export type FaultKind =
  /** Too many calls: nothing is wrong with what was asked for. */
  | 'throttled'
  /** AWS has no such machine to give now: another zone or type may have. */
  | 'no-capacity'
  /** A quota of the account, or addresses of a subnet: waiting helps nobody. */
  | 'over-quota'
  | 'not-found'
  /** AWS refuses what was asked for. */
  | 'refused'
  | 'unauthorised'
  /** No answer, or a fault of the service: the effect may have happened. */
  | 'unknown';

export interface FaultFacts {
  readonly kind: FaultKind;
  readonly api: Api;
  /** AWS's code: `RequestLimitExceeded`. */
  readonly code: string;
  readonly message: string;
  /** Of the ids, those that are to blame. @default - AWS does not say */
  readonly ids?: readonly string[];
}

/** What a call of `FleetCloud` throws: told apart by kind, so that each is met by its own answer. */
export class CloudFault extends Error {
  readonly facts: FaultFacts;

  constructor(facts: FaultFacts, cause?: unknown) {
    super(`${facts.api}: ${facts.code}: ${facts.message}`, cause === undefined ? undefined : { cause });
    this.name = 'CloudFault';
    this.facts = facts;
  }
}

/** A launch of the group that failed: Auto Scaling tells of it in its activities, not in the answer of a call. */
export interface LaunchFault {
  readonly at: number;
  readonly kind: 'no-capacity' | 'over-quota' | 'unhealthy' | 'other';
  /** @default - AWS does not say */
  readonly zone?: string | undefined;
  readonly message: string;
}

/** What AWS would still launch. */
export interface Headroom {
  /** Instances that the vCPU quotas leave room for, of the largest type of the fleet. */
  readonly instances: number;
  /** Free addresses of its subnets, by zone. */
  readonly addresses: Readonly<Record<string, number>>;
}

export const queueViewSchema = z.strictObject({
  name: z.string(),
  waiting: z.int().min(0),
  running: z.int().min(0),
  oldestSeconds: z.number().min(0),
  deadLetters: z.int().min(0),
});

export type QueueView = Described<typeof queueViewSchema>;

/** What was observed of this fleet lately, for forecasts; each list may be a sample, and empty. In seconds. */
export interface Observed {
  /** From a launch to the first heartbeat. */
  readonly boots: readonly number[];
  /** From a reboot, or the replacement of a root volume, to the next heartbeat. @default - `boots` */
  readonly reboots?: readonly number[];
  /** Durations of jobs. */
  readonly jobs: readonly number[];
  /** How long a look takes, as whoever plans has measured it. @default 0 */
  readonly lookSeconds?: number;
}

/** What systemd is told on the instances, by Systems Manager Run Command. */
export type WorkerCommand =
  /** `systemctl stop`: no more jobs; its heartbeat says `draining`, then `drained`. */
  | 'stop'
  /** Ends the job under way and gives it back to the queue. */
  | 'give-back'
  /** `systemctl start`, after a `stop`. */
  | 'start';

/** Processes of Auto Scaling that an operation suspends. */
export const GROUP_PROCESSES = ['ReplaceUnhealthy', 'HealthCheck', 'AZRebalance', 'AlarmNotification'] as const;
export type GroupProcess = (typeof GROUP_PROCESSES)[number];

/** Ids that AWS takes in one call. Callers keep to it. */
export const BATCH: Readonly<Record<Api, number>> = {
  DescribeFleet: Number.POSITIVE_INFINITY,
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
  SendCommand: 50,
  // No limit is documented for RebootInstances; one id that is wrong fails the whole call.
  RebootInstances: 100,
  CreateReplaceRootVolumeTask: 1,
  // 1,000 are taken; AWS advises smaller batches. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
  TerminateInstances: 100,
  DetachInstances: 20,
  TerminateInstanceInAutoScalingGroup: 1,
  SetInstanceHealth: 1,
  SetDesiredCapacity: 1,
  SuspendProcesses: 1,
  ResumeProcesses: 1,
};

/**
 * One fleet of one environment. An effect is one call of AWS: no retries of its own, no waiting for tokens. Effects may be repeated: each has
 * the same end when it is called twice.
 * Every method @throws CloudFault
 */
export interface FleetCloud {
  /** @param detached - Ids that were detached from the group: they are in the view until they are terminated. */
  look(detached?: readonly string[], signal?: AbortSignal): Promise<FleetView>;
  /** Failed launches of the group since a moment, newest first. */
  launchFaults(since: number): Promise<readonly LaunchFault[]>;
  headroom(): Promise<Headroom>;
  queues(): Promise<readonly QueueView[]>;
  observed(): Promise<Observed>;

  /** At most 50 ids, all of them at once. Gives those that Systems Manager does not reach: nothing happens there. */
  command(ids: readonly string[], command: WorkerCommand): Promise<readonly string[]>;
  /** At most 100 ids. */
  reboot(ids: readonly string[]): Promise<void>;
  /**
   * The root volume anew, from an image where one is given, else from the snapshot that the machine was launched from.
   * @param token - The same token starts no second task.
   */
  replaceRootVolume(id: string, token: string, image?: string): Promise<void>;
  /** At most 20 ids. Without a decrement, the group launches as many others. One that is detached already is no fault. */
  detach(ids: readonly string[], decrement: boolean): Promise<void>;
  /** At most 100 ids, of one zone. One that is terminated already is no fault. */
  terminate(ids: readonly string[]): Promise<void>;
  /** Runs the terminating hook. One that is not in the group any more is no fault. */
  terminateInGroup(id: string, decrement: boolean): Promise<void>;
  /** The group replaces it. */
  markUnhealthy(id: string): Promise<void>;
  setDesired(desired: number): Promise<void>;
  suspend(processes: readonly GroupProcess[]): Promise<void>;
  resume(processes: readonly GroupProcess[]): Promise<void>;
}
