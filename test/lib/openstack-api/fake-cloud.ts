import type { ProjectActivity } from '../../../lib/openstack-api/activity.ts';
import type {
  CloudApi,
  CloudProject,
  CloudResource,
  CredentialRequest,
  EnvironmentUser,
  Holder,
  IssuedCredential,
  ProjectHealth,
  RetiredProject,
} from '../../../lib/openstack-api/cloud-api.ts';
import { cannotMakeUsers, cloudRequestFailed, userTaken } from '../../../lib/openstack-api/errors.ts';
import type { ResourceKind } from '../../../lib/openstack-api/resource-kinds.ts';
import type { Caller } from '../../../lib/openstack-api/session.ts';
import type { CloudSnapshot } from '../../../lib/openstack-api/snapshot.ts';
import type { ProjectUsage } from '../../../lib/openstack-api/usage.ts';

/** What holds what: the key can go only after all of these kinds are gone from the project. */
const HELD_BY: Partial<Record<ResourceKind, readonly ResourceKind[]>> = {
  volume: ['volume-snapshot', 'server'],
  network: ['port', 'router', 'server', 'load-balancer'],
  router: ['floating-address'],
  'security-group': ['port', 'server'],
};

/**
 * A cloud in memory, for tests.
 *
 * - It has one domain, `Default`; what tests put into `all`, `resources` and `states` is there.
 * - `remove` takes effect at once. A volume goes only after snapshots and servers, a network after everything on it, a router after
 *   floating addresses, a security group after ports and servers, anything after what says in `uses` that it uses it, of whatever
 *   project: until then it answers 409. What is gone already is no error.
 * - `holders` are the things of other projects that say in `uses` that they use it.
 * - `removeProject` leaves resources behind as OpenStack does: they keep the project's id.
 * - A credential works until its project or its user is removed, or it is rotated. Nothing ends by the clock.
 * - A project has used what tests put into `usages`, in any period; any other nothing.
 * - A server has the console that tests put into `consoles`; any other is on no host.
 * - `room` is what `snapshot` answers.
 */
export class FakeCloud implements CloudApi {
  readonly authUrl = 'http://127.0.0.1:5000/v3';
  mayRescope = true;
  caller: Caller = { user: { id: 'u-1', name: 'admin' }, project: { id: 'p-admin', name: 'admin' }, roles: ['admin'] };
  all: CloudProject[] = [];
  resources: CloudResource[] = [];
  states = new Map<string, ProjectHealth>();
  room: CloudSnapshot = {
    hosts: [],
    volumeGiB: undefined,
    externalAddresses: undefined,
    subnetPool: undefined,
    quotas: [],
  };
  /** Counters of projects; of any other nothing is told. */
  activities = new Map<string, ProjectActivity>();
  /** What projects used, whatever the period. */
  usages = new Map<string, ProjectUsage>();
  /** What servers printed, by their ids. */
  consoles = new Map<string, string>();
  /** Keystone users that environments have. */
  users: EnvironmentUser[] = [];
  mayMakeUsers = true;
  /** When credentials end, by id. */
  readonly expiries = new Map<string, Date | undefined>();
  readonly removed: string[] = [];
  readonly #credentials = new Map<string, { projectId: string; user: string; secret: string }>();
  #next = 1;

  identify(): Promise<Caller> {
    return Promise.resolve(this.caller);
  }

  snapshot(): Promise<CloudSnapshot> {
    return Promise.resolve(this.room);
  }

  projects(domain: string): Promise<CloudProject[]> {
    return Promise.resolve(domain === 'Default' ? [...this.all] : []);
  }

  project(id: string): Promise<CloudProject | undefined> {
    return Promise.resolve(this.all.find((each) => each.id === id));
  }

  removeProject(id: string): Promise<void> {
    this.all = this.all.filter((each) => each.id !== id);
    this.#forget((credential) => credential.projectId === id);
    return Promise.resolve();
  }

  health(projectId: string): Promise<ProjectHealth> {
    return Promise.resolve(this.states.get(projectId) ?? { servers: [], balancers: [] });
  }

  activity(projectId: string): Promise<ProjectActivity | undefined> {
    return Promise.resolve(this.activities.get(projectId));
  }

  usage(projectId: string): Promise<ProjectUsage> {
    const nothing = { servers: [], volumes: [], floatingAddresses: [], balancers: [], begin: undefined };
    return Promise.resolve(this.usages.get(projectId) ?? nothing);
  }

  consoleOf(serverId: string): Promise<string | undefined> {
    return Promise.resolve(this.consoles.get(serverId));
  }

  contents(projectId: string, among?: ReadonlySet<ResourceKind>): Promise<CloudResource[]> {
    return Promise.resolve(
      this.resources.filter((each) => each.projectId === projectId && among?.has(each.kind) !== false),
    );
  }

  remove(resource: CloudResource): Promise<void> {
    const holders = HELD_BY[resource.kind] ?? [];
    const isThere = this.resources.some((each) => each.id === resource.id);
    const held = this.resources.some(
      (each) =>
        each.uses.includes(resource.id) || (each.projectId === resource.projectId && holders.includes(each.kind)),
    );
    if (isThere && held) {
      const url = `${this.authUrl}/${resource.kind}/${resource.id}`;
      return Promise.reject(
        cloudRequestFailed({ cloud: 'fake', method: 'DELETE', url, status: 409, requestId: 'req-1' }),
      );
    }
    this.removed.push(resource.id);
    this.resources = this.resources.filter((each) => each.id !== resource.id);
    return Promise.resolve();
  }

  holders(resource: CloudResource): Promise<Holder[]> {
    const held = this.resources.filter(
      (each) => each.uses.includes(resource.id) && each.projectId !== resource.projectId,
    );
    return Promise.resolve(held.map(({ kind, id, name, projectId }) => ({ kind, id, name, projectId })));
  }

  unknownOffers(): Promise<string[]> {
    return Promise.resolve([]);
  }

  retireProject(id: string, { name, description, tags }: RetiredProject): Promise<void> {
    this.all = this.all.map((each) => (each.id === id ? { ...each, name, description, tags, enabled: false } : each));
    return Promise.resolve();
  }

  provideUser(user: EnvironmentUser): Promise<string> {
    const known = this.users.find(({ name, domain }) => name === user.name && domain === user.domain);
    if (!this.mayMakeUsers)
      return Promise.reject(cannotMakeUsers('fake', user.name, user.domain, new Error('the cloud answered 403')));
    if (known !== undefined && known.description !== user.description)
      return Promise.reject(userTaken('fake', user.name, user.domain));
    if (known === undefined) this.users.push(user);
    return Promise.resolve(`u-${user.name}`);
  }

  async issueCredential(user: EnvironmentUser, request: CredentialRequest): Promise<IssuedCredential> {
    await this.provideUser(user);
    if (request.rotate) this.#forget((credential) => credential.user === user.name);
    this.resources = this.resources.filter(
      ({ kind, name, projectId }) =>
        !(kind === 'application-credential' && projectId === request.projectId && name.startsWith('tandem-')),
    );
    const issued = { id: `credential-${this.#next}`, secret: `fake-secret-${this.#next}` };
    this.#next += 1;
    const { projectId, expiresAt } = request;
    this.#credentials.set(issued.id, { projectId, user: user.name, secret: issued.secret });
    this.expiries.set(issued.id, expiresAt);
    return issued;
  }

  testCredential(user: EnvironmentUser, projectId: string, issued: IssuedCredential): Promise<boolean> {
    const known = this.#credentials.get(issued.id);
    return Promise.resolve(
      known?.projectId === projectId && known.secret === issued.secret && known.user === user.name,
    );
  }

  removeUser(user: EnvironmentUser): Promise<void> {
    const own = (each: EnvironmentUser): boolean =>
      each.name === user.name && each.domain === user.domain && each.description === user.description;
    if (this.users.some(own)) this.#forget((credential) => credential.user === user.name);
    this.users = this.users.filter((each) => !own(each));
    return Promise.resolve();
  }

  #forget(is: (credential: { user: string; projectId: string }) => boolean): void {
    for (const [key, credential] of this.#credentials) if (is(credential)) this.#credentials.delete(key);
  }
}

let serial = 0;

export function resource(kind: ResourceKind, projectId: string, more: Partial<CloudResource> = {}): CloudResource {
  serial += 1;
  const own = { kind, id: `${kind}-${serial}`, name: `${kind} ${serial}`, projectId };
  return { ...own, sizeGiB: 0, state: '', createdAt: '', uses: [], ...more };
}
