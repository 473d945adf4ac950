import type { LaunchTemplate, LaunchTemplateVersion, ReplaceRootVolumeTask, Tag } from '../ec2-types.ts';
import type { ImageOptions, InstanceStateName, Time } from '../types.ts';

export type Purchase = 'spot' | 'on-demand';

export interface MachineTemplate {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** An instance as EC2 knows it. */
export interface Machine {
  readonly id: string;
  /** Order of launches: pages go by it. */
  readonly sequence: number;
  readonly reservation: string;
  readonly requester?: string | undefined;
  readonly type: string;
  readonly zone: string;
  readonly subnet: string;
  readonly address: string;
  /** The interface that its launch named, which outlives it. */
  readonly networkInterface?: string | undefined;
  readonly purchase: Purchase;
  readonly template?: MachineTemplate | undefined;
  readonly profile?: string | undefined;
  readonly securityGroups: readonly string[];
  readonly visibleAt: Time;
  image: string;
  launchedAt: Time;
  state: InstanceStateName;
  reason?: { readonly Code: string; readonly Message: string } | undefined;
  /** DisableApiTermination. */
  protected: boolean;
  tags: Tag[];
  /** Its vCPUs are of the quota now: all but those of stopped and terminated instances are. */
  counted: boolean;
  /** Counts changes of state: a timer of an earlier count is void. */
  epoch: number;
  /** The operating system is up since then. */
  upSince?: Time | undefined;
  /** It never will be. */
  dead: boolean;
  impaired?: { readonly check: 'system' | 'instance'; readonly since: Time } | undefined;
  /** The task that gives it a new root volume. */
  rootVolumeTask?: string | undefined;
  /** A Spot notice. */
  interruptedAt?: Time | undefined;
  rebalanceAt?: Time | undefined;
}

export interface SubnetState {
  readonly id: string;
  readonly zone: string;
  readonly vpc: string;
  readonly cidr: string;
  readonly size: number;
  used: number;
  /** The next address that was never used, counted from the first that AWS gives. */
  next: number;
  readonly returned: string[];
}

/** An interface that outlives the instances it is attached to. */
export interface InterfaceState {
  readonly id: string;
  readonly subnet: string;
  readonly address: string;
  /** The instance that has it. */
  machine?: string | undefined;
}

export interface TemplateState extends Omit<LaunchTemplate, 'DefaultVersionNumber' | 'LatestVersionNumber'> {
  defaultVersion: number;
  latestVersion: number;
  readonly versions: Map<number, Omit<LaunchTemplateVersion, 'DefaultVersion'>>;
}

export interface Ec2State {
  readonly machines: Map<string, Machine>;
  readonly subnets: Map<string, SubnetState>;
  readonly interfaces: Map<string, InterfaceState>;
  readonly templates: Map<string, TemplateState>;
  readonly rootVolumeTasks: Map<string, ReplaceRootVolumeTask>;
  /** Instances that a pool `zone/type/purchase` still gives; `*` stands for all. What is not in it has no shortage. */
  readonly capacity: Map<string, number>;
  /** Types that a zone does not offer, `zone/type`. */
  readonly unoffered: Map<string, true>;
  /** Images that there are; empty: any id is one. */
  readonly images: Map<string, ImageOptions>;
  readonly quotas: Map<Purchase, number>;
  /** vCPUs of instances that are not stopped or terminated. */
  readonly vcpus: Map<Purchase, number>;
  /** What RunInstances answered to a client token. */
  readonly clientTokens: Map<string, string>;
  sequence: number;
}

export type Ec2Timer =
  | { readonly kind: 'ec2.running'; readonly id: string; readonly epoch: number }
  | { readonly kind: 'ec2.up'; readonly id: string; readonly epoch: number; readonly fresh: boolean }
  | { readonly kind: 'ec2.stopped'; readonly id: string; readonly epoch: number }
  | { readonly kind: 'ec2.terminated'; readonly id: string; readonly epoch: number }
  | { readonly kind: 'ec2.forgotten'; readonly id: string }
  | { readonly kind: 'ec2.interrupted'; readonly id: string }
  | { readonly kind: 'ec2.volume'; readonly task: string; readonly epoch: number };
