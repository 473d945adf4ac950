/** Where the lab lives unless told otherwise. */
export const DEFAULT_LAB_DIRECTORY = '/var/lib/tandem-lab';

/** One step of progress, as it happens. */
export interface LabProgress {
  /** Which part of the work speaks, e.g. `packages` or `neutron`. */
  readonly phase: string;
  readonly message: string;
  /** Since the verb began, in seconds. */
  readonly seconds: number;
}

export type OnLabProgress = (event: LabProgress) => void;

export interface LabUpOptions {
  /** @default - `/var/lib/tandem-lab` */
  readonly directory?: string;
  /** Fake hypervisors, spread over the three zones round robin; 2 to 30.
   * @default - 6 */
  readonly hypervisors?: number;
  /** @default - progress is dropped */
  readonly onProgress?: OnLabProgress;
  /** Aborting stops what was started and rejects with `lab-aborted`; installed packages stay.
   * @default - not abortable */
  readonly signal?: AbortSignal;
}

export interface LabDownOptions {
  /** @default - `/var/lib/tandem-lab` */
  readonly directory?: string;
  /** Keep installed packages, empty database schemas, the provider and the engine for a quick next `up`.
   * @default - false: the whole directory is removed */
  readonly keepPackages?: boolean;
  /** @default - progress is dropped */
  readonly onProgress?: OnLabProgress;
}

export interface LabStatusOptions {
  /** @default - `/var/lib/tandem-lab` */
  readonly directory?: string;
  /** How long each service gets to answer, in seconds.
   * @default - 10 seconds */
  readonly timeoutSeconds?: number;
}

/** The public endpoints of the lab's catalogue, without a version path. */
export interface LabEndpoints {
  readonly identity: string;
  readonly image: string;
  readonly placement: string;
  readonly compute: string;
  readonly network: string;
  readonly volume: string;
  readonly 'load-balancer': string;
  readonly dns: string;
  readonly 'key-manager': string;
}

export interface LabHypervisor {
  /** The name of the Nova host, of the hypervisor and of the OVN chassis. */
  readonly name: string;
  /** The zone it belongs to once aggregates are made; the name of its rack. */
  readonly zone: string;
}

export interface LabCapacity {
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  /** Virtual CPUs sold per CPU; memory and disk are not oversold. */
  readonly cpuAllocationRatio: number;
}

export interface LabEngine {
  readonly name: 'terraform' | 'tofu';
  readonly path: string;
}

/** A running lab, and all that is needed to use it. */
export interface Lab {
  readonly directory: string;
  readonly region: string;
  readonly authUrl: string;
  readonly endpoints: LabEndpoints;
  readonly hypervisors: readonly LabHypervisor[];
  /** Of each hypervisor. */
  readonly hypervisorCapacity: LabCapacity;
  /** Of the volume back end, in GB. */
  readonly volumeCapacityGb: number;
  /** Where the administrator's credentials are, mode 0600. */
  readonly cloudsFile: string;
  /** The entry in `cloudsFile`. */
  readonly cloudName: string;
  readonly engine: LabEngine;
  /** Terraform's CLI configuration: providers come from the mirror only. */
  readonly cliConfigFile: string;
  readonly mirrorDirectory: string;
  /** A raw image of 1 MiB, for whoever uploads images. */
  readonly imageFile: string;
  readonly logDirectory: string;
  /** What to set for Terraform and for clients; no secret in it. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface LabUpResult {
  readonly lab: Lab;
  /** True if nothing had to be done. */
  readonly alreadyRunning: boolean;
  readonly seconds: number;
  /** How long each phase took, in seconds; empty if it ran already. */
  readonly phases: Readonly<Record<string, number>>;
}

export interface LabDownResult {
  readonly wasRunning: boolean;
  /** What was kept for the next `up`. */
  readonly kept: readonly string[];
  readonly seconds: number;
}

export interface LabServiceStatus {
  readonly name: string;
  readonly healthy: boolean;
  /** Why not, or what was seen. */
  readonly detail: string;
}

export interface LabStatus {
  /** `starting`: another `up` is at work. `broken`: something ran, and not all of it answers. */
  readonly state: 'running' | 'starting' | 'broken' | 'stopped';
  readonly services: readonly LabServiceStatus[];
  /** Absent unless an `up` finished. */
  readonly lab: Lab | undefined;
}
