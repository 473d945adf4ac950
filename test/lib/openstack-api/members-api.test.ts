import { describe, expect, it } from 'vitest';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { Credentials } from '../../../lib/openstack-api/credentials.ts';
import type { Transport } from '../../../lib/openstack-api/http.ts';
import { membersApi } from '../../../lib/openstack-api/members-api.ts';

const never = new AbortController().signal;

/** Answers of a cloud by path with its query; what changes something is written down. */
function cloud(answers: Readonly<Record<string, object>>) {
  const changes: string[] = [];
  const catalog = ['identity', 'compute', 'network', 'volumev3'].map((type) => ({
    type,
    endpoints: [{ interface: 'public', region_id: 'R', url: `http://cloud/${type}` }],
  }));
  const token = { expires_at: '2999-01-01T00:00:00Z', user: { id: 'u', name: 'admin' }, catalog, roles: [] };
  const transport: Transport = (url, init) => {
    const { pathname, search } = new URL(url);
    const answer = (status: number, body: object, headers = new Headers()) =>
      Promise.resolve({ status, headers, text: () => Promise.resolve(JSON.stringify(body)) });
    if (pathname.endsWith('/auth/tokens')) return answer(201, { token }, new Headers({ 'x-subject-token': 't' }));
    if (init.method !== 'GET') {
      changes.push(`${init.method ?? ''} ${pathname}${typeof init.body === 'string' ? ` ${init.body}` : ''}`);
      return answer(204, {});
    }
    const found = answers[`${pathname}${search}`];
    return answer(found === undefined ? 404 : 200, found ?? {});
  };
  const credentials = Credentials.from({
    auth: { auth_url: 'http://cloud/v3', username: 'a', password: 'p', project_name: 'a' },
  });
  if (typeof credentials === 'string') throw new Error(credentials);
  const access = { entry: 'x', file: '', credentials, region: 'R', interface: 'public', caFile: undefined } as const;
  return { changes, api: membersApi(OpenStackClient.open(access, { cloud: 'x', transport })) };
}

const SERVICES = {
  '/compute/os-services?host=c-1': {
    services: [
      { id: 's-1', binary: 'nova-compute' },
      { id: 's-2', binary: 'nova-conductor' },
      { id: 's-3', binary: 'nova-scheduler' },
    ],
  },
};

describe('what a cloud forgets of a host', () => {
  it('is its hypervisor, and apart from it its other services of Nova', async () => {
    const { api, changes } = cloud(SERVICES);
    await api.deleteComputeService('c-1', never);
    expect(changes).toEqual(['DELETE /compute/os-services/s-1']);
    await api.deleteControlServices('c-1', never);
    expect(changes.slice(1)).toEqual(['DELETE /compute/os-services/s-2', 'DELETE /compute/os-services/s-3']);
  });

  it('is, before its servers are rebuilt, that its hypervisor might be up', async () => {
    const { api, changes } = cloud(SERVICES);
    await api.forceDown('c-1', never);
    expect(changes).toEqual(['PUT /compute/os-services/s-1 {"forced_down":true}']);
  });

  it('are agents that are silent, and none that is alive', async () => {
    const agents = [
      { id: 'a-1', alive: true },
      { id: 'a-2', alive: false },
    ];
    const { api, changes } = cloud({ '/network/v2.0/agents?host=c-1': { agents } });
    await api.deleteAgents('c-1', never);
    expect(changes).toEqual(['DELETE /network/v2.0/agents/a-2']);
  });
});

describe('what is on a host', () => {
  it('are volumes on any back end of it, and of no host whose name begins alike', async () => {
    const volumes = [
      { id: 'v-1', name: 'one', 'os-vol-host-attr:host': 's-1@lvm#lvm' },
      { id: 'v-2', name: null, 'os-vol-host-attr:host': 's-1' },
      { id: 'v-3', name: 'three', 'os-vol-host-attr:host': 's-11@lvm#lvm' },
      { id: 'v-4', name: 'four', 'os-vol-host-attr:host': null },
    ];
    const { api } = cloud({ '/volumev3/volumes/detail?all_tenants=1': { volumes } });
    expect((await api.volumesOn('s-1', never)).map(({ id, name }) => [id, name])).toEqual([
      ['v-1', 'one'],
      ['v-2', ''],
    ]);
  });

  it('is rebuilt where the scheduler wants it', async () => {
    const { api, changes } = cloud({});
    await api.evacuate('i-1', never);
    expect(changes).toEqual(['POST /compute/servers/i-1/action {"evacuate":{}}']);
  });
});
