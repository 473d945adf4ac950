/** An instance type, as EC2 describes it. */
export interface InstanceTypeFacts {
  readonly vcpus: number;
  /** `arm64`, `x86_64`. */
  readonly architectures: readonly string[];
}

export interface SubnetFacts {
  readonly id: string;
  readonly zone: string;
  /** Addresses that are left. */
  readonly free: number;
}

export interface ImageFacts {
  readonly architecture: string;
  /** `available` is the only one that can be launched. */
  readonly state: string;
  readonly rootGiB: number;
}

export interface TriedLaunch {
  readonly imageId: string;
  readonly type: string;
  readonly subnetId: string;
  readonly rootGiB: number | undefined;
}

/**
 * What may be asked of an account before anything is made in it. Each look is one call or a few, changes nothing, and rejects with the
 * SDK's error where it is refused. Spec: `test/lib/engines/cloudformation/preflight/looks.contract.ts`.
 */
export interface AccountLooks {
  /** Those of the names that EC2 knows in this Region. */
  instanceTypes(names: readonly string[]): Promise<ReadonlyMap<string, InstanceTypeFacts>>;
  /** By zone, those of the names that it offers. */
  offerings(names: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** The value that applies to the account, else AWS's default. */
  quota(service: string, code: string): Promise<number | undefined>;
  /** Whether there is a role of this name. */
  hasRole(name: string): Promise<boolean>;
  subnets(ids: readonly string[]): Promise<readonly SubnetFacts[]>;
  /** Values of parameters of Systems Manager; those that are not there are left out. */
  parameters(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Undefined where there is none that the account may use. */
  image(id: string): Promise<ImageFacts | undefined>;
  /** Why EC2 would refuse to launch it, in its words; undefined where it would not. */
  refusalOf(launch: TriedLaunch): Promise<string | undefined>;
  /** Whether anybody has a bucket of this name. */
  isBucketTaken(name: string): Promise<boolean>;
  /** When a queue of stacks of this name was deleted last, as far as CloudFormation's newest deletions tell. */
  queuesDeletedAt(stackName: string): Promise<Date | undefined>;
  close(): void;
}
