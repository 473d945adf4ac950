import type { Caller } from './session.ts';
import type { CloudSnapshot, SnapshotRequest } from './snapshot.ts';

/** What people make inside a project, by the service's own words. */
export const RESOURCE_KINDS = [
  'load-balancer',
  'server',
  'server-group',
  'floating-address',
  'volume-backup',
  'volume-snapshot',
  'volume',
  'image',
  'vpn-connection',
  'vpn-service',
  'vpn-endpoint-group',
  'router',
  'port',
  'network',
  'security-group',
  'zone',
  'application-credential',
] as const;

export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export interface CloudResource {
  readonly kind: ResourceKind;
  readonly id: string;
  /** Its name, or an address, or whatever people know it by; may be empty. */
  readonly name: string;
  /** The project that it belongs to, as its own service says. */
  readonly projectId: string;
  /** GiB for volumes, snapshots and images; 0 otherwise. */
  readonly sizeGiB: number;
}

export interface CloudProject {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly enabled: boolean;
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

/**
 * What leases ask of a running cloud besides what Terraform does. All calls are safe to repeat. The fake (`FakeCloud` in
 * `test/lib/openstack-api`) fulfils the same contract; one test runs over both.
 *
 * - `contents` has everything of `RESOURCE_KINDS` whose own service names that project, and nothing else: each thing once, no port
 *   that a router, balancer or DHCP owns, of application credentials only the caller's own. It knows a project that is gone.
 * - `remove` returns when the service accepted it; what is gone already is no error. What others still use answers with status
 *   400 or 409. A load balancer takes its listeners and pools along, a router its interfaces, a network its subnets.
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
  contents(projectId: string): Promise<CloudResource[]>;
  remove(resource: CloudResource): Promise<void>;
  /**
   * Makes an application credential with that role in that project, in place of one of the same name. The caller's user gets the
   * role there first. @throws TandemError `cannot-rescope` where the caller has only an application credential itself.
   */
  issueCredential(projectId: string, name: string, role: string): Promise<IssuedCredential>;
  /** Whether a credential still opens that project. */
  testCredential(projectId: string, issued: IssuedCredential): Promise<boolean>;
}
