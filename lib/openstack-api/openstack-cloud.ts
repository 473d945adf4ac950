import { z } from 'zod';
import type { CallOptions, OpenStackClient } from './client.ts';
import type { CloudApi, CloudProject, CloudResource, IssuedCredential, ProjectHealth } from './cloud-api.ts';
import { cannotRescope, statusOf } from './errors.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { KINDS, type KindOfResource, toResource } from './resource-kinds.ts';
import type { CloudSnapshot, SnapshotRequest } from './snapshot.ts';

export interface OpenStackCloudOptions {
  /** The cloud's and its entry's names, for messages. */
  readonly name: string;
  readonly entry: string;
  readonly signal?: AbortSignal;
}

const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()).default([]),
  description: z.string().nullish(),
  enabled: z.boolean(),
});
const named = z.object({ id: z.string(), name: z.string() });
const server = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  'OS-EXT-STS:task_state': z.string().nullish(),
  'OS-EXT-AZ:availability_zone': z.string().nullish(),
  'OS-EXT-SRV-ATTR:host': z.string().nullish(),
  fault: z.object({ message: z.string() }).optional(),
});
const balancer = z.looseObject({
  id: z.string(),
  name: z.string(),
  provisioning_status: z.string(),
  operating_status: z.string(),
});
const credential = z.object({ id: z.string(), name: z.string(), project_id: z.string() });
const item = z.record(z.string(), z.unknown());

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

  get #call(): CallOptions {
    return this.#options.signal === undefined ? {} : { signal: this.#options.signal };
  }

  identify() {
    return this.#client.whoami(this.#options.signal);
  }

  snapshot(request: SnapshotRequest): Promise<CloudSnapshot> {
    return fetchSnapshot(this.#client, request, this.#call);
  }

  async projects(domain: string): Promise<CloudProject[]> {
    const path = `/domains?name=${encodeURIComponent(domain)}`;
    const [found] = await this.#client.list('identity', path, 'domains', named, this.#call);
    if (found === undefined) return [];
    const projects = `/projects?domain_id=${found.id}`;
    return (await this.#client.list('identity', projects, 'projects', projectSchema, this.#call)).map(toProject);
  }

  async project(id: string): Promise<CloudProject | undefined> {
    return await orUndefined(async () => {
      const answer = await this.#client.get(
        'identity',
        `/projects/${id}`,
        z.object({ project: projectSchema }),
        this.#call,
      );
      return toProject(answer.project);
    });
  }

  async removeProject(id: string): Promise<void> {
    await this.#client.delete('identity', `/projects/${id}`, this.#call);
    // Each service keeps its limits by a project's id, and hears nothing of its end.
    await Promise.all(
      QUOTAS.map(async ([service, path]) => {
        if (await this.#client.has(service)) await this.#client.delete(service, `${path}/${id}`, this.#call);
      }),
    );
  }

  async health(projectId: string): Promise<ProjectHealth> {
    const [servers, balancers] = await Promise.all([
      this.#client.list(
        'compute',
        `/servers/detail?all_tenants=1&project_id=${projectId}`,
        'servers',
        server,
        this.#call,
      ),
      (await this.#client.has('balancer'))
        ? this.#client.list(
            'balancer',
            `/lbaas/loadbalancers?project_id=${projectId}`,
            'loadbalancers',
            balancer,
            this.#call,
          )
        : [],
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
      })),
      balancers: balancers.map(({ id, name, provisioning_status: provisioning, operating_status: operating }) => ({
        id,
        name,
        provisioning,
        operating,
      })),
    };
  }

  async contents(projectId: string): Promise<CloudResource[]> {
    const found = await Promise.all([
      ...KINDS.map((kind) => this.#listKind(kind, projectId)),
      this.#ownCredentials(projectId),
    ]);
    return found.flat();
  }

  async #listKind(kind: KindOfResource, projectId: string): Promise<CloudResource[]> {
    if (!(await this.#client.has(kind.service))) return [];
    const options = { ...this.#call, ...(kind.headers === undefined ? {} : { headers: kind.headers(projectId) }) };
    try {
      const items = await this.#client.list(kind.service, kind.list(projectId), kind.key, item, options);
      return items.flatMap((each) => toResource(kind, each, projectId) ?? []);
    } catch (error) {
      if (kind.optional === true && statusOf(error) === 404) return [];
      throw error;
    }
  }

  async #ownCredentials(projectId: string): Promise<CloudResource[]> {
    const { user } = await this.identify();
    const path = `/users/${user.id}/application_credentials`;
    const all = await this.#client.list('identity', path, 'application_credentials', credential, this.#call);
    return all
      .filter((each) => each.project_id === projectId)
      .map(({ id, name }) => ({ kind: 'application-credential', id, name, projectId, sizeGiB: 0 }));
  }

  async remove(resource: CloudResource): Promise<void> {
    if (resource.kind === 'application-credential') {
      const { user } = await this.identify();
      await this.#client.delete('identity', `/users/${user.id}/application_credentials/${resource.id}`, this.#call);
      return;
    }
    const kind = KINDS.find((each) => each.kind === resource.kind);
    if (kind === undefined) throw new TypeError(`deleting a ${resource.kind} is not supported`);
    if (resource.kind === 'router') await this.#detachRouter(resource.id);
    const options = {
      ...this.#call,
      ...(kind.headers === undefined ? {} : { headers: kind.headers(resource.projectId) }),
    };
    try {
      await this.#client.delete(kind.service, kind.one(resource.id), options);
    } catch (error) {
      if (resource.kind !== 'image' || statusOf(error) !== 403) throw error;
      await this.#unprotect(resource.id);
      await this.#client.delete(kind.service, kind.one(resource.id), options);
    }
  }

  async #detachRouter(id: string): Promise<void> {
    const ports = z.object({ id: z.string(), device_owner: z.string() });
    for (const port of await this.#client.list('network', `/ports?device_id=${id}`, 'ports', ports, this.#call)) {
      if (!/router_interface|ha_router_replicated|router_interface_distributed/.test(port.device_owner)) continue;
      const path = `/routers/${id}/remove_router_interface`;
      await orUndefined(() => this.#client.put('network', path, { port_id: port.id }, this.#call));
    }
  }

  /** Owners protect images against mistakes; by now somebody confirmed by name that this one goes. */
  async #unprotect(id: string): Promise<void> {
    await this.#client.patch('image', `/images/${id}`, [{ op: 'replace', path: '/protected', value: false }], {
      ...this.#call,
      headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
    });
  }

  async issueCredential(projectId: string, name: string, role: string): Promise<IssuedCredential> {
    if (!this.#client.isRescopable) throw cannotRescope(this.#options.name, this.#options.entry);
    const { user } = await this.identify();
    const path = `/roles?name=${encodeURIComponent(role)}`;
    const [found] = await this.#client.list('identity', path, 'roles', named, this.#call);
    if (found !== undefined) {
      await this.#client.put(
        'identity',
        `/projects/${projectId}/users/${user.id}/roles/${found.id}`,
        undefined,
        this.#call,
      );
    }
    const inside = this.#client.inProject(projectId);
    const base = `/users/${user.id}/application_credentials`;
    // One of that name whose secret nobody kept is of no use to anybody.
    for (const old of await inside.list('identity', base, 'application_credentials', credential, this.#call)) {
      if (old.name === name && old.project_id === projectId)
        await inside.delete('identity', `${base}/${old.id}`, this.#call);
    }
    const body = {
      application_credential: { name, roles: [{ name: role }], description: 'For the owner of a dev environment' },
    };
    const schema = z.object({ application_credential: z.object({ id: z.string(), secret: z.string() }) });
    return (await inside.post('identity', base, body, schema, this.#call)).application_credential;
  }

  async testCredential(projectId: string, issued: IssuedCredential): Promise<boolean> {
    const identity = { methods: ['application_credential'], application_credential: issued };
    try {
      const schema = z.object({ token: z.object({ project: z.object({ id: z.string() }) }) });
      const answer = await this.#client.authenticate({ auth: { identity } }, schema, this.#call);
      return answer.token.project.id === projectId;
    } catch (error) {
      if (statusOf(error) === 401 || statusOf(error) === 404) return false;
      throw error;
    }
  }
}

function toProject({ description, ...project }: z.output<typeof projectSchema>): CloudProject {
  return { ...project, description: description ?? '' };
}

async function orUndefined<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
