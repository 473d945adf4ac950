import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The id that the stand-in gives to whatever has a name: another name is another thing. */
export function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** What is looked up, by its path, and the key of the answer's list. */
const LISTS: Readonly<Record<string, string>> = {
  '/v3/projects': 'projects',
  '/v3/roles': 'roles',
  '/v3/users': 'users',
  '/v2.0/subnetpools': 'subnetpools',
  '/v2.0/networks': 'networks',
};

const SERVICES = ['identity', 'network', 'compute', 'volumev3', 'image', 'dns', 'load-balancer', 'placement'];

/**
 * An OpenStack that has one of everything that data blocks ask for, and nothing else: a plan without refresh reads no more. Whatever
 * else is asked is answered with 404, and fails the plan.
 */
export async function standIn(): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', base());
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json', 'X-Subject-Token': 'token' });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/v3/auth/tokens') send(request.method === 'POST' ? 201 : 200, { token: token() });
    else if (url.pathname === '/v3' || url.pathname === '/v3/')
      send(200, { version: { id: 'v3.14', status: 'stable' } });
    else {
      const list = LISTS[url.pathname];
      const name = url.searchParams.get('name') ?? '';
      if (list === undefined) send(404, { error: `nothing at ${url.pathname}` });
      else send(200, { [list]: [thing(name)], links: {} });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = () => ({
    ...{ user: { id: idOf('deployer'), name: 'deployer', domain: { id: 'default', name: 'Default' } } },
    ...{ project: { id: idOf('admin'), name: 'admin', domain: { id: 'default', name: 'Default' } }, roles: [] },
    ...{ methods: ['password'], expires_at: '2099-01-01T00:00:00.000000Z', issued_at: '2026-01-01T00:00:00.000000Z' },
    catalog: SERVICES.map((type) => ({
      ...{ id: idOf(type), type, name: type },
      endpoints: ['RegionOne', 'RegionTwo'].map((region) => ({
        ...{ id: idOf(`${type} ${region}`), interface: 'public', region, region_id: region },
        url: type === 'identity' ? `${base()}/v3` : base(),
      })),
    })),
  });
  return { url: `${base()}/v3`, close: () => server.close() };
}

function thing(name: string) {
  const id = idOf(name);
  return {
    ...{ id, name, domain_id: 'default', is_domain: true, enabled: true, status: 'ACTIVE', shared: true },
    ...{ 'router:external': true, subnets: [], prefixes: ['10.0.0.0/8'], tags: [] },
    ...{ default_prefixlen: 24, min_prefixlen: 16, max_prefixlen: 28, ip_version: 4, default_quota: null },
  };
}
