import type { InventoryGroup } from '../kolla/inventory.ts';

/** A run of kolla-ansible on a tree. */
export interface KollaPlay {
  /** Unique in its operation and stable: a resume finds a running or ended run by it, and never starts a second. */
  readonly key: string;
  /** `deploy`, `reconfigure`, `stop`, `check`, … */
  readonly verb: string;
  /** Empty: all. */
  readonly tags: readonly string[];
  /** Hosts, in the inventory's order. Empty: all. */
  readonly limit: readonly string[];
  /** One host after the other within each task. @default false */
  readonly oneByOne?: boolean;
  /** More arguments, `--ignore-missing`. @default none */
  readonly extra?: readonly string[];
}

/** What a play left. */
export interface PlayResult {
  readonly code: number;
  /** Who failed at what; never what hosts said: that may hold secrets, and is in the log alone. */
  readonly faults: readonly { readonly host: string; readonly task: string }[];
  /** File on this machine. */
  readonly log: string;
}

export interface KollaPlays {
  /** Runs a play to its end, with this inventory; the play of a key that runs already is followed, one that ended is not repeated. */
  run(play: KollaPlay, inventory: readonly InventoryGroup[], signal: AbortSignal): Promise<PlayResult>;
}

/** A command on one host, as root: words, never through a shell. */
export interface HostCommand {
  /** As the inventory names it. */
  readonly host: string;
  /** As Kolla names it: `rabbitmq`, `mariadb`, `ovn_nb_db`. @default on the host itself */
  readonly container?: string;
  readonly argv: readonly string[];
  /** Standard input: what must be in no process list. @default none */
  readonly input?: string;
  /** @default 60 */
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  /** 124 where the time was over. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CloudHosts {
  /** @throws TandemError `host-unreachable` where the host does not answer */
  run(command: HostCommand, signal: AbortSignal): Promise<CommandResult>;
}

/** A `nova-compute`. */
export interface ComputeService {
  readonly id: string;
  readonly host: string;
  readonly isUp: boolean;
  readonly isEnabled: boolean;
  readonly disabledReason?: string | undefined;
}

/** An agent of Neutron: `ovn-controller` of a chassis, metadata. */
export interface NetworkAgent {
  readonly id: string;
  readonly host: string;
  readonly type: string;
  readonly isAlive: boolean;
}

/** A service of Cinder. Its host may name a back end: `storage-a-1@lvm`. */
export interface VolumeService {
  readonly binary: string;
  readonly host: string;
  readonly isUp: boolean;
  readonly isEnabled: boolean;
}

export interface CloudVolume {
  readonly id: string;
  readonly name: string;
  /** Back end and pool with it: `storage-a-1@lvm#lvm`. */
  readonly host: string;
}

export interface CloudServer {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** As Nova says it: `ACTIVE`, `SHUTOFF`, `MIGRATING`, `ERROR`. */
  readonly status: string;
}

/** What Nova, Neutron and Cinder know of hosts. Those that change something may be called twice: what is done already is no error. */
export interface CloudApi {
  computeServices(signal: AbortSignal): Promise<readonly ComputeService[]>;
  networkAgents(signal: AbortSignal): Promise<readonly NetworkAgent[]>;
  volumeServices(signal: AbortSignal): Promise<readonly VolumeService[]>;
  /** Of all projects. */
  serversOn(host: string, signal: AbortSignal): Promise<readonly CloudServer[]>;
  /** No new server is placed there. */
  disable(host: string, reason: string, signal: AbortSignal): Promise<void>;
  enable(host: string, signal: AbortSignal): Promise<void>;
  /** Begins to move a running server, or moves a stopped one cold; `serversOn` tells when it is away. */
  liveMigrate(server: string, to: string | undefined, signal: AbortSignal): Promise<void>;
  /** Nova takes the compute service of a host for down from now on, whatever it says itself. CAUTION: a host that still runs must be fenced first. */
  forceDown(host: string, signal: AbortSignal): Promise<void>;
  /** Begins to rebuild a server elsewhere whose host is off: Nova refuses it for one that it takes for up. */
  evacuate(server: string, signal: AbortSignal): Promise<void>;
  /** Of all projects, on any back end of a host. */
  volumesOn(host: string, signal: AbortSignal): Promise<readonly CloudVolume[]>;
  /** With its allocations in Placement. */
  deleteComputeService(host: string, signal: AbortSignal): Promise<void>;
  /** Nova's other services on a host: scheduler, conductor. */
  deleteControlServices(host: string, signal: AbortSignal): Promise<void>;
  /** Of Neutron. One that is alive stays: its host must be off, or the agent stopped, for a minute. */
  deleteAgents(host: string, signal: AbortSignal): Promise<void>;
}
