import type { ProjectActivity } from './activity.ts';
import type { ResourceKind } from './resource-kinds.ts';
import type { Caller } from './session.ts';
import type { CloudSnapshot, SnapshotRequest } from './snapshot.ts';
import type { Period, ProjectUsage } from './usage.ts';

export interface CloudResource {
  readonly kind: ResourceKind;
  readonly id: string;
  /** Its name, or an address, or whatever people know it by; may be empty. */
  readonly name: string;
  /** The project that it belongs to, as its own service says. */
  readonly projectId: string;
  /** GiB for volumes, snapshots, backups, images and what else holds data; 0 otherwise. */
  readonly sizeGiB: number;
  /** As its service says, such as `PENDING_UPDATE` or `deleting`; empty where it has none. */
  readonly state: string;
  /** ISO 8601; empty where its service does not tell. */
  readonly createdAt: string;
  /** Ids of what it uses, of its own project or of another: that can go only after it. */
  readonly uses: readonly string[];
  /** Id of the thing below which its service keeps it. */
  readonly parent?: string;
}

export interface CloudProject {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly enabled: boolean;
}

/** Something of another project that uses a thing, so that it cannot go. */
export interface Holder {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
}

/** How a project is called and described from when it holds nothing but what was left in it on purpose. */
export interface RetiredProject {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

export interface ServerState {
  readonly id: string;
  readonly name: string;
  /** As Nova says: `ACTIVE`, `SHELVED_OFFLOADED`, `ERROR` and so on. */
  readonly status: string;
  /** What Nova does with it now; empty where nothing. */
  readonly task: string;
  readonly zone: string;
  /** Hypervisor; empty where the caller may not see it, or it is on none. */
  readonly host: string;
  /** Why it is in `ERROR`. */
  readonly fault: string;
  /** When the first of the certificates ends that it took, as an instant. @default - it took none */
  readonly certificatesUntil?: string | undefined;
}

export interface BalancerState {
  readonly id: string;
  readonly name: string;
  readonly provisioning: string;
  readonly operating: string;
}

export interface ProjectHealth {
  readonly servers: readonly ServerState[];
  readonly balancers: readonly BalancerState[];
}

/** An application credential at the moment of its making, the only one at which its secret is told. */
export interface IssuedCredential {
  readonly id: string;
  readonly secret: string;
}

/** The Keystone user of one environment, in whose name its owner works. */
export interface EnvironmentUser {
  /** Unique in its domain: `dev-alice`. */
  readonly name: string;
  /** Name of the domain. */
  readonly domain: string;
  /** Says whose it is; never changes. A user of that name with another description belongs to somebody else. */
  readonly description: string;
}

export interface CredentialRequest {
  readonly projectId: string;
  /** When it stops working by itself; undefined for never. */
  readonly expiresAt: Date | undefined;
  /** Whether all earlier ones of that user stop working. */
  readonly rotate: boolean;
}

/**
 * What leases ask of a running cloud besides what Terraform does. All calls are safe to repeat. The fake (`FakeCloud` in
 * `test/lib/openstack-api`) fulfils the same contract; one test runs over both.
 *
 * - `contents` has everything of `RESOURCE_KINDS` that the cloud's services and their extensions keep for a project: what its own
 *   service says is that project's, what is kept below such a thing, and what is told only to a token of the project; nothing else,
 *   and each thing once. Ports, subnets and records that go with a router, a balancer, DHCP, a network or a zone are left to that.
 *   It knows a project that is gone.
 * - `remove` returns when the service accepted it; what is gone already is no error. What others still use answers with status
 *   400 or 409. A load balancer takes its listeners and pools along, a router its interfaces and routes, a network its subnets.
 *   Locks, protection, and attachments of servers that are gone stand in no way.
 */
export interface CloudApi {
  readonly authUrl: string;
  /** Whether the caller may work in other projects than its own: not so with an application credential. */
  readonly mayRescope: boolean;
  identify(): Promise<Caller>;
  snapshot(request: SnapshotRequest): Promise<CloudSnapshot>;
  /** Every project of a domain, by its name; none where there is no such domain. */
  projects(domain: string): Promise<CloudProject[]>;
  /** A project by its id, to see whether it is gone. */
  project(id: string): Promise<CloudProject | undefined>;
  /** Takes the project's quotas along; what is inside stays, and keeps its id. */
  removeProject(id: string): Promise<void>;
  health(projectId: string): Promise<ProjectHealth>;
  /** Counters of its running servers; undefined where none runs, or the cloud does not tell of all of them. */
  activity(projectId: string): Promise<ProjectActivity | undefined>;
  /** What a project had in a period, and for how long. */
  usage(projectId: string, period: Period): Promise<ProjectUsage>;
  /** What a server printed on its console, as far as its cloud keeps it; undefined where it is gone, or on no host. */
  consoleOf(serverId: string): Promise<string | undefined>;
  /** @param among asks for these kinds only. @default - all */
  contents(projectId: string, among?: ReadonlySet<ResourceKind>): Promise<CloudResource[]>;
  remove(resource: CloudResource): Promise<void>;
  /** What of other projects uses it. Asked of what cannot be removed: some questions go over the whole cloud. */
  holders(resource: CloudResource): Promise<Holder[]>;
  /** Services and extensions of the cloud of which nobody here knows what they keep for a project: `service messaging`. */
  unknownOffers(): Promise<string[]>;
  /** Disables a project that cannot be removed, and calls it otherwise, so that its name is free. */
  retireProject(id: string, as: RetiredProject): Promise<void>;
  /**
   * Makes the user, without any role yet, unless it is there. Its password is known to nobody. Returns its id.
   * @throws TandemError `cannot-make-users` where the caller may not, `user-taken` where one of that name is somebody else's
   */
  provideUser(user: EnvironmentUser): Promise<string>;
  /**
   * An application credential of that user, which is made where it is not there, and gets the roles that work in the project needs, in that
   * project alone. What earlier versions issued in that project in the name of the caller itself stops working.
   */
  issueCredential(user: EnvironmentUser, request: CredentialRequest): Promise<IssuedCredential>;
  /** Whether a credential of that user still opens that project. */
  testCredential(user: EnvironmentUser, projectId: string, issued: IssuedCredential): Promise<boolean>;
  /** Removes the user with all that is its own: credentials, trusts, key pairs. One that is gone, or somebody else's, is no error. */
  removeUser(user: EnvironmentUser): Promise<void>;
}
