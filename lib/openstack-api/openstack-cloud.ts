import { z } from 'zod';
import { BOOT_TOKEN, certificatesUntil } from '../bring-up/boot-token.ts';
import { activityOf, type ProjectActivity } from './activity.ts';
import type { OpenStackClient } from './client.ts';
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
} from './cloud-api.ts';
import { EnvironmentUsers } from './environment-users.ts';
import { cannotRescope, ifThere } from './errors.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { findHolders } from './holders.ts';
import { kindOf } from './kinds/index.ts';
import { closeWayIn, waysIn } from './kinds/keystone.ts';
import { unknownExtensions, unknownServices } from './kinds/neutron-extensions.ts';
import { listContents } from './list-contents.ts';
import { listOwn } from './list-own.ts';
import { domainNamed, named } from './named.ts';
import { removeResource } from './remove-resource.ts';
import type { ResourceKind } from './resource-kinds.ts';
import { consoleOf } from './servers-in-use.ts';
import type { CloudSnapshot, SnapshotRequest } from './snapshot.ts';
import { type Period, type ProjectUsage, usageOf } from './usage.ts';

export interface OpenStackCloudOptions {
  /** The cloud's and its entry's names, for messages. */
  readonly name: string;
  readonly entry: string;
}

const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()).default([]),
  description: z.string().nullish(),
  enabled: z.boolean(),
});
const server = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  'OS-EXT-STS:task_state': z.string().nullish(),
  'OS-EXT-AZ:availability_zone': z.string().nullish(),
  'OS-EXT-SRV-ATTR:host': z.string().nullish(),
  fault: z.object({ message: z.string() }).optional(),
  metadata: z.record(z.string(), z.string()).default({}),
});
const balancer = z.looseObject({
  id: z.string(),
  name: z.string(),
  provisioning_status: z.string(),
  operating_status: z.string(),
});
const alias = z.object({ alias: z.string() });

/** Where each service keeps a project's limits. */
const QUOTAS = [
  ['compute', '/os-quota-sets'],
  ['volume', '/os-quota-sets'],
  ['network', '/quotas'],
  ['balancer', '/lbaas/quotas'],
  ['dns', '/quotas'],
] as const;

/** The `CloudApi` of a real OpenStack. Needs a caller who may see all projects. */
export class OpenStackCloud implements CloudApi {
  readonly #client: OpenStackClient;
  readonly #options: OpenStackCloudOptions;
  #extensions: Promise<{ alias: string }[]> | undefined;
  readonly #inside = new Map<string, Promise<OpenStackClient>>();

  constructor(client: OpenStackClient, options: OpenStackCloudOptions) {
    this.#client = client;
    this.#options = options;
  }

  get authUrl(): string {
    return this.#client.authUrl;
  }

  get mayRescope(): boolean {
    return this.#client.isRescopable;
  }

  identify() {
    return this.#client.whoami();
  }

  snapshot(request: SnapshotRequest): Promise<CloudSnapshot> {
    return fetchSnapshot(this.#client, request);
  }

  async projects(domain: string): Promise<CloudProject[]> {
    const id = await domainNamed(this.#client, domain);
    if (id === undefined) return [];
    const projects = `/projects?domain_id=${id}`;
    return (await this.#client.list('identity', projects, 'projects', projectSchema)).map(toProject);
  }

  async project(id: string): Promise<CloudProject | undefined> {
    return await ifThere(async () => {
      const answer = await this.#client.get('identity', `/projects/${id}`, z.object({ project: projectSchema }));
      return toProject(answer.project);
    });
  }

  async removeProject(id: string): Promise<void> {
    await this.#client.delete('identity', `/projects/${id}`);
    // Each service keeps its limits by a project's id, and hears nothing of its end.
    await Promise.all(
      QUOTAS.map(async ([service, path]) => {
        if (await this.#client.has(service)) await this.#client.delete(service, `${path}/${id}`);
      }),
    );
  }

  async health(projectId: string): Promise<ProjectHealth> {
    const [servers, balancers] = await Promise.all([
      listOwn(this.#client, 'server', projectId, server),
      listOwn(this.#client, 'load-balancer', projectId, balancer),
    ]);
    return {
      servers: servers.map((each) => ({
        id: each.id,
        name: each.name,
        status: each.status,
        task: each['OS-EXT-STS:task_state'] ?? '',
        zone: each['OS-EXT-AZ:availability_zone'] ?? '',
        host: each['OS-EXT-SRV-ATTR:host'] ?? '',
        fault: each.fault?.message ?? '',
        certificatesUntil: certificatesUntil(each.metadata[BOOT_TOKEN] ?? ''),
      })),
      balancers: balancers.map(({ id, name, provisioning_status: provisioning, operating_status: operating }) => ({
        id,
        name,
        provisioning,
        operating,
      })),
    };
  }

  activity(projectId: string): Promise<ProjectActivity | undefined> {
    return activityOf(this.#client, projectId);
  }

  usage(projectId: string, period: Period): Promise<ProjectUsage> {
    return usageOf(this.#client, projectId, period);
  }

  consoleOf(serverId: string): Promise<string | undefined> {
    return consoleOf(this.#client, serverId);
  }

  async contents(projectId: string, among?: ReadonlySet<ResourceKind>): Promise<CloudResource[]> {
    const { user } = await this.identify();
    const listing = {
      ...{ client: this.#client, extensions: await this.#networkExtensions() },
      inside: () => this.#insideOf(projectId),
    };
    const [things, ways] = await Promise.all([
      listContents(listing, projectId, among),
      among === undefined || among.has('application-credential') || among.has('trust')
        ? waysIn(this.#client, projectId, user.id)
        : [],
    ]);
    return [...ways, ...things];
  }

  async remove(resource: CloudResource): Promise<void> {
    if (resource.kind === 'application-credential' || resource.kind === 'trust') {
      await closeWayIn(this.#client, resource);
      return;
    }
    const inside = kindOf(resource.kind).inside === true ? await this.#insideOf(resource.projectId) : this.#client;
    if (inside !== undefined) await removeResource(inside, resource);
  }

  holders(resource: CloudResource): Promise<Holder[]> {
    return findHolders(this.#client, resource);
  }

  async unknownOffers(): Promise<string[]> {
    const services = unknownServices(await this.#client.otherServices());
    const extensions = unknownExtensions(await this.#networkExtensions());
    return [...services.map((type) => `service ${type}`), ...extensions.map((alias) => `network extension ${alias}`)];
  }

  async retireProject(id: string, { name, description, tags }: RetiredProject): Promise<void> {
    const path = `/projects/${id}`;
    await this.#client.put('identity', `${path}/tags`, { tags });
    await this.#client.patch('identity', path, { project: { name, description, enabled: false } });
  }

  async #networkExtensions(): Promise<ReadonlySet<string>> {
    this.#extensions ??= this.#client.list('network', '/extensions', 'extensions', alias);
    return new Set((await this.#extensions).map((each) => each.alias));
  }

  /** For services that tell a project's things to nobody else: the caller gets its own role there. Nobody enters what is gone. */
  async #insideOf(projectId: string): Promise<OpenStackClient | undefined> {
    if ((await this.project(projectId))?.enabled !== true) return undefined;
    const known = this.#inside.get(projectId) ?? this.#enter(projectId);
    this.#inside.set(projectId, known);
    return await known;
  }

  async #enter(projectId: string): Promise<OpenStackClient> {
    if (!this.#client.isRescopable) throw cannotRescope(this.#options.name, this.#options.entry);
    const { user, roles } = await this.identify();
    await this.#assignRole(projectId, user.id, roles.includes('admin') ? 'admin' : (roles[0] ?? 'member'));
    return this.#client.inProject(projectId);
  }

  async #assignRole(projectId: string, userId: string, role: string): Promise<void> {
    const path = `/roles?name=${encodeURIComponent(role)}`;
    const [found] = await this.#client.list('identity', path, 'roles', named);
    if (found === undefined) return;
    const assignment = `/projects/${projectId}/users/${userId}/roles/${found.id}`;
    await this.#client.put('identity', assignment);
  }

  get #users(): EnvironmentUsers {
    return new EnvironmentUsers(this.#client, this.#options.name);
  }

  provideUser(user: EnvironmentUser): Promise<string> {
    return this.#users.provide(user);
  }

  issueCredential(user: EnvironmentUser, request: CredentialRequest): Promise<IssuedCredential> {
    return this.#users.issue(user, request);
  }

  testCredential(user: EnvironmentUser, projectId: string, issued: IssuedCredential): Promise<boolean> {
    return this.#users.test(user, projectId, issued);
  }

  removeUser(user: EnvironmentUser): Promise<void> {
    return this.#users.remove(user);
  }
}

function toProject({ description, ...project }: z.output<typeof projectSchema>): CloudProject {
  return { ...project, description: description ?? '' };
}
