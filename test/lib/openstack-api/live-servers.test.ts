import { describe, expect, it } from 'vitest';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { Credentials } from '../../../lib/openstack-api/credentials.ts';
import { hostServices } from '../../../lib/openstack-api/host-services.ts';
import type { Transport } from '../../../lib/openstack-api/http.ts';
import { fetchKnownResources } from '../../../lib/openstack-api/known-resources.ts';
import { fetchLiveServers } from '../../../lib/openstack-api/live-servers.ts';

const never = new AbortController().signal;

/** A client of a cloud with these answers, by path with its query. What changes something is written down. */
function clientOf(answers: Readonly<Record<string, object>>, changes: string[] = []): OpenStackClient {
  const catalog = ['identity', 'compute', 'placement', 'network', 'volumev3'].map((type) => ({
    type,
    endpoints: [{ interface: 'public', region_id: 'R', url: `http://cloud/${type}` }],
  }));
  const token = {
    ...{ expires_at: '2999-01-01T00:00:00Z', user: { id: 'u', name: 'admin' }, catalog },
    ...{ project: { id: 'p', name: 'admin' }, roles: [{ name: 'admin' }] },
  };
  const transport: Transport = (url, init) => {
    const { pathname, search } = new URL(url);
    if (pathname.endsWith('/auth/tokens'))
      return Promise.resolve({
        ...{ status: 201, headers: new Headers({ 'x-subject-token': 't' }) },
        text: () => Promise.resolve(JSON.stringify({ token })),
      });
    if (init.method === 'PUT' || init.method === 'POST') {
      changes.push(`${init.method} ${pathname} ${typeof init.body === 'string' ? init.body : ''}`);
      return Promise.resolve({ status: 202, headers: new Headers(), text: () => Promise.resolve('') });
    }
    const found = answers[`${pathname}${search}`];
    const text = () => Promise.resolve(JSON.stringify(found ?? {}));
    return Promise.resolve({ status: found === undefined ? 404 : 200, headers: new Headers(), text });
  };
  const credentials = Credentials.from({
    auth: { auth_url: 'http://cloud/v3', username: 'admin', password: 'p', project_name: 'admin' },
  });
  if (typeof credentials === 'string') throw new Error(credentials);
  const access = { entry: 'x', file: '', credentials, region: 'R', interface: 'public', caFile: undefined } as const;
  return OpenStackClient.open(access, { cloud: 'x', transport });
}

const server = (id: string, more: object) => ({
  ...{ id, name: `n-${id}`, status: 'ACTIVE', flavor: { vcpus: 2, ram: 4096, disk: 20 } },
  ...{ 'OS-EXT-SRV-ATTR:host': 'c-1.example.org', 'OS-EXT-AZ:availability_zone': 'z1' },
  ...more,
});
const room = (used: number) => ({ capacity: 100, used });

describe('servers of a live cloud', () => {
  it('stand where Nova says, with what their flavors take, kept apart by their groups', async () => {
    const client = clientOf({
      '/compute/servers/detail?all_tenants=1': {
        servers: [
          server('a', {}),
          server('b', { status: 'SHUTOFF' }),
          server('shelved', { status: 'SHELVED_OFFLOADED' }),
          server('lost', { 'OS-EXT-SRV-ATTR:host': null }),
        ],
      },
      '/compute/os-server-groups?all_projects=1': {
        server_groups: [
          { id: 'apart', policy: 'anti-affinity', members: ['a'] },
          { id: 'near', policy: 'affinity', members: ['b'] },
        ],
      },
      '/placement/allocation_candidates?resources=VCPU:1': {
        provider_summaries: { r: { resources: { VCPU: room(4), MEMORY_MB: room(60), DISK_GB: room(0) } } },
      },
      '/placement/resource_providers': { resource_providers: [{ uuid: 'r', name: 'c-1.example.org' }] },
      '/compute/os-aggregates': { aggregates: [{ hosts: ['c-1'], availability_zone: 'z1' }] },
      '/compute/os-services?binary=nova-compute': {
        services: [{ binary: 'nova-compute', host: 'c-1', status: 'enabled', state: 'up', zone: 'z1' }],
      },
    });
    const stands = { host: 'c-1', zone: 'z1', vcpus: 2, memoryMiB: 4096, diskGiB: 20 };
    expect(await fetchLiveServers(client)).toEqual({
      hosts: [{ name: 'c-1', zone: 'z1', vcpus: 96, memoryMiB: 40, diskGiB: 100 }],
      servers: [
        { id: 'a', name: 'n-a', group: 'apart', ...stands },
        { id: 'b', name: 'n-b', group: undefined, ...stands },
      ],
    });
  });
});

describe('services of hosts', () => {
  it('are those of Nova, Neutron and Cinder', async () => {
    const service = { status: 'disabled', state: 'up', disabled_reason: 'disk' };
    const client = clientOf({
      '/compute/os-services?binary=nova-compute': {
        services: [{ id: 'i', binary: 'nova-compute', host: 'c', ...service }],
      },
      '/network/v2.0/agents': { agents: [{ id: 'i', host: 'c', agent_type: 'OVN Controller agent', alive: false }] },
      '/volumev3/os-services': { services: [{ binary: 'cinder-volume', host: 's@rbd', ...service, state: 'down' }] },
    });
    const services = hostServices(client);
    expect(await services.computeServices(never)).toEqual([
      { id: 'i', host: 'c', isUp: true, isEnabled: false, disabledReason: 'disk' },
    ]);
    expect(await services.networkAgents(never)).toEqual([
      { id: 'i', host: 'c', type: 'OVN Controller agent', isAlive: false },
    ]);
    expect(await services.volumeServices(never)).toEqual([
      { binary: 'cinder-volume', host: 's@rbd', isUp: false, isEnabled: false },
    ]);
  });
});

describe('what maintenance does with servers and services', () => {
  const service = { id: 'i', binary: 'nova-compute', host: 'c', status: 'enabled', state: 'up' };
  const path = '/compute/os-services?binary=nova-compute';

  it('disables the service of one host with a reason, and enables it', async () => {
    const changes: string[] = [];
    const other = { ...service, id: 'j', host: 'd' };
    const services = hostServices(clientOf({ [path]: { services: [other, service] } }, changes));
    await services.disable('c', 'why', never);
    await services.enable('c', never);
    await services.enable('nobody', never);
    expect(changes).toEqual([
      'PUT /compute/os-services/i {"status":"disabled","disabled_reason":"why"}',
      'PUT /compute/os-services/i {"status":"enabled"}',
    ]);
  });

  it('moves a server that runs while it runs, and one that does not, cold, and confirms that', async () => {
    const changes: string[] = [];
    const answers: Record<string, object> = {
      '/compute/servers/detail?all_tenants=1&host=c': {
        servers: [server('a', {}), server('b', { status: 'SHUTOFF' })],
      },
      '/compute/servers/a': { server: server('a', {}) },
      '/compute/servers/b': { server: server('b', { status: 'SHUTOFF' }) },
    };
    const services = hostServices(clientOf(answers, changes), 0.001);
    expect(await services.serversOn('c', never)).toEqual([
      { id: 'a', name: 'n-a', status: 'ACTIVE', host: 'c' },
      { id: 'b', name: 'n-b', status: 'SHUTOFF', host: 'c' },
    ]);
    await services.liveMigrate('a', undefined, never);
    const moved = services.liveMigrate('b', undefined, never);
    while (changes.length < 2) await new Promise(setImmediate);
    answers['/compute/servers/b'] = { server: server('b', { status: 'VERIFY_RESIZE' }) };
    await moved;
    expect(changes).toEqual([
      'POST /compute/servers/a/action {"os-migrateLive":{"host":null,"block_migration":"auto"}}',
      'POST /compute/servers/b/action {"migrate":null}',
      'POST /compute/servers/b/action {"confirmResize":null}',
    ]);
  });
});

describe('what the services know', () => {
  it('is networks, routers, projects, ports but those of floating addresses, and servers that are somewhere', async () => {
    const client = clientOf({
      '/network/v2.0/networks?fields=id': { networks: [{ id: 'n' }] },
      '/network/v2.0/routers?fields=id': { routers: [{ id: 'r' }] },
      '/network/v2.0/ports?fields=id&fields=device_owner': {
        ports: [
          { id: 'p', device_owner: 'compute:z1' },
          { id: 'f', device_owner: 'network:floatingip' },
        ],
      },
      '/compute/servers/detail?all_tenants=1': {
        servers: [server('a', {}), server('b', { status: 'SHELVED_OFFLOADED' }), server('c', { status: 'BUILD' })],
      },
      '/v3/projects': { projects: [{ id: 'q' }] },
    });
    expect(await fetchKnownResources(client)).toEqual({
      ...{ networks: ['n'], routers: ['r'], projects: ['q'], ports: ['p'] },
      servers: [
        { id: 'a', host: 'c-1' },
        { id: 'b', host: undefined },
        { id: 'c', host: undefined },
      ],
    });
  });
});
