import type { Architecture } from './ec2/type-names.ts';

/** Milliseconds since 1970, in the model's own time. Every time in what calls take and return is one. */
export type Time = number;

/** An API by the name of its IAM action, `ec2:RunInstances`. */
export type Api =
  | `ec2:${Capitalize<string>}`
  | `autoscaling:${Capitalize<string>}`
  | `cloudwatch:${Capitalize<string>}`;

/** Seconds, drawn from a bell within `mean` plus and minus `spread`. */
export interface Spread {
  readonly mean: number;
  readonly spread: number;
}

/** A subnet. AWS keeps five addresses of each for itself. */
export interface SubnetOptions {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
  readonly CidrBlock: string;
  readonly VpcId?: string;
}

/** An image that instances can be launched from. */
export interface ImageOptions {
  readonly ImageId: string;
  readonly Architecture: Architecture;
  /** @default 'available' */
  readonly State?: 'available' | 'pending' | 'deregistered' | 'disabled';
  /** Size of its snapshot: no root volume is smaller.
   * @default 8 */
  readonly RootVolumeGiB?: number;
}

export interface LimitOptions {
  /** Whether calls draw tokens at all.
   * @default true */
  readonly enforced?: boolean;
  /** What every bucket and refill is multiplied by: AWS raises and lowers limits of an account without publishing them.
   * @default 1 */
  readonly scale?: number;
  /** Factors of single APIs, beside `scale`.
   * @default - none */
  readonly scaleOf?: Readonly<Partial<Record<Api, number>>>;
  /** Others in the account, who take their tokens first; of each refill at most nine tenths, since they are throttled too.
   * @default - none */
  readonly consumers?: readonly Consumer[];
  /** Share of every bucket and refill that others take, from 0 to 1.
   * @default 0 */
  readonly othersTake?: number;
  /** Whether launches and starts that Auto Scaling decides draw resource tokens of RunInstances and StartInstances.
   * @default true */
  readonly autoScalingDraws?: boolean;
}

/** Somebody else in the account who calls an API all the time. */
export interface Consumer {
  readonly api: Api;
  readonly callsPerSecond: number;
  /** Instances that each call names.
   * @default 0 */
  readonly resourcesPerCall?: number;
}

/** Seconds that things take on average. Sources and chosen figures: docs/aws-model.md. */
export interface Timings {
  /** From the launch until the operating system and its units are up. @default 60 +- 20 */
  readonly boot: Spread;
  /** Of a launch, until EC2 says `running`. @default 8 +- 4 */
  readonly running: Spread;
  /** Reboot until up again. @default 60 +- 20 */
  readonly reboot: Spread;
  /** The exchange of a root volume, before the boot that follows it. @default 20 +- 5 */
  readonly rootVolume: Spread;
  /** StartInstances of a stopped or hibernated instance until up. @default 30 +- 5 */
  readonly warmStart: Spread;
  /** StopInstances until `stopped`. @default 20 +- 10 */
  readonly stop: Spread;
  /** TerminateInstances until `terminated`. @default 30 +- 15 */
  readonly terminate: Spread;
}

/** Everything has a default: `new AwsModel({ seed: 1 })` is an account with three zones. */
export interface ModelOptions {
  /** All that is drawn follows from it.
   * @default 1 */
  readonly seed?: number;
  /** @default 0 */
  readonly now?: Time;
  /** @default 'eu-west-3' */
  readonly region?: string;
  /** @default '111122223333' */
  readonly account?: string;
  /** @default - subnet-a, subnet-b and subnet-c, a /22 in each of the zones a, b and c */
  readonly subnets?: readonly SubnetOptions[];
  /** Images that there are.
   * @default - any id is an image, and none is judged */
  readonly images?: readonly ImageOptions[];
  readonly limits?: LimitOptions;
  readonly timings?: Partial<Timings>;
  /** vCPU of running instances of the standard families. @default - 4000 on demand, 4000 Spot */
  readonly quotas?: { readonly onDemandVcpus?: number; readonly spotVcpus?: number };
  /** vCPU of types that the table of sizes does not know, or knows otherwise. @default - by the size: large 2, xlarge 4, … */
  readonly vcpus?: Readonly<Record<string, number>>;
  /** How long an id that was just made may answer InvalidInstanceID.NotFound: a share of the instances, up to so many seconds.
   * @default - a fifth of them, 3 seconds at most */
  readonly consistency?: { readonly share: number; readonly mostSeconds: number };
  /** Share of launches whose operating system never comes up.
   * @default 0 */
  readonly deadBoots?: number;
}

/** A refusal in AWS's words. `status` is the HTTP status. */
export class ModelFault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

export type InstanceStateName = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** What happened, in the order in which it happened. */
export type ModelEvent = { readonly at: Time } & (
  | { readonly type: 'instance-state'; readonly instanceId: string; readonly state: InstanceStateName }
  /** The operating system and its units are up: launch, start, reboot or a new root volume (`fresh`: nothing of the old disk is left). */
  | { readonly type: 'instance-booted'; readonly instanceId: string; readonly fresh: boolean }
  /** The operating system is going down, and with it all that runs there. */
  | { readonly type: 'instance-down'; readonly instanceId: string }
  | { readonly type: 'spot-interruption'; readonly instanceId: string; readonly actionAt: Time }
  | { readonly type: 'rebalance-recommendation'; readonly instanceId: string }
  | { readonly type: 'lifecycle-state'; readonly group: string; readonly instanceId: string; readonly state: string }
  | {
      readonly type: 'lifecycle-action';
      readonly group: string;
      readonly instanceId: string;
      readonly hook: string;
      readonly transition: 'autoscaling:EC2_INSTANCE_LAUNCHING' | 'autoscaling:EC2_INSTANCE_TERMINATING';
      readonly token: string;
    }
  | {
      readonly type: 'activity';
      readonly group: string;
      readonly activityId: string;
      readonly status: string;
      readonly description: string;
    }
  | { readonly type: 'refresh'; readonly group: string; readonly refreshId: string; readonly status: string }
  | { readonly type: 'alarm-state'; readonly alarm: string; readonly from: string; readonly to: string }
  | { readonly type: 'throttled'; readonly api: Api; readonly caller: string }
);

/** What the tests and the lab do to the account; AWS has no calls for it. */
export interface WorldControls {
  /** Instances of a type that a zone still gives; `Infinity` ends the shortage. Missing type or purchase: all of them. */
  setCapacity(pool: { zone: string; type?: string; purchase?: 'spot' | 'on-demand'; available: number }): void;
  /** Status checks of an instance fail from now on, or pass again (`undefined`). */
  impair(instanceId: string, check: 'system' | 'instance' | undefined): void;
  /** The two minutes' notice of Spot. */
  interruptSpot(instanceIds: readonly string[], seconds?: number): void;
  recommendRebalance(instanceIds: readonly string[]): void;
  /** Share of launches from now on whose operating system never comes up. */
  setDeadBoots(share: number): void;
  setQuota(purchase: 'spot' | 'on-demand', vcpus: number): void;
  /** Replaces limits: hidden, scaled, shared with others. Tokens that are there stay, up to the new size. */
  setLimits(limits: LimitOptions): void;
  /** Whether a zone offers an instance type; all zones offer all of them until one is told otherwise. */
  setOffering(pool: { zone: string; type: string; offered: boolean }): void;
  /** Adds an image, or changes one. From the first on, an id that is none of them is refused. */
  setImage(image: ImageOptions): void;
  addSubnet(subnet: SubnetOptions): void;
  /** An interface that launches may name. @returns its address */
  addInterface(id: string, subnetId: string): string;
  /** Its address goes back. @throws ModelFault while an instance has it */
  removeInterface(id: string): void;
}

/** One refillable bucket as it stands. */
export interface BucketView {
  readonly name: string;
  readonly tokens: number;
  readonly capacity: number;
  readonly refillPerSecond: number;
}
