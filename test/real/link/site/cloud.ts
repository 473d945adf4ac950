import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server as Nova has it. */
export interface CloudServer {
  readonly id: string;
  readonly name: string;
  metadata: Readonly<Record<string, string>>;
  /** What it printed when it started. */
  console: string;
}

export interface GatewayCloud {
  /** Of Keystone: `http://127.0.0.1:port/v3`. */
  readonly authUrl: string;
  close(): Promise<void>;
}

const PROJECT = 'c'.repeat(32);

/**
 * What `tandem link` asks of a cloud, in the shapes that Keystone's and Nova's API references give: a token with a catalogue, the project
 * `link`, its servers, their consoles and metadata. Everything else is 404.
 * @param onMetadata - what Nova's metadata service answers that server from now on
 * @see https://docs.openstack.org/api-ref/identity/v3/ and https://docs.openstack.org/api-ref/compute/
 */
export async function startGatewayCloud(
  servers: readonly CloudServer[],
  onMetadata: (server: CloudServer) => Promise<void>,
): Promise<GatewayCloud> {
  let base = '';
  const of = (id = '') => servers.find((server) => server.id === id);

  async function answer(method: string, path: string, body: Record<string, unknown>): Promise<object | undefined> {
    const [, id, part] = /^\/compute\/servers\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const server = of(id);
    if (path === '/v3/auth/tokens') return { token: tokenOf(base) };
    if (path === '/v3/domains') return { domains: [{ id: 'default', name: 'Default' }] };
    if (path === '/v3/projects') return { projects: [{ id: PROJECT, name: 'link', enabled: true, tags: [] }] };
    if (path === '/compute/servers/detail')
      return { servers: servers.map(({ console: _, ...each }) => ({ ...each, status: 'ACTIVE', tenant_id: PROJECT })) };
    if (server !== undefined && part === 'action' && 'os-getConsoleOutput' in body) return { output: server.console };
    if (server === undefined || part !== 'metadata' || method !== 'POST') return undefined;
    server.metadata = { ...server.metadata, ...(body['metadata'] as Record<string, string>) };
    await onMetadata(server);
    return { metadata: server.metadata };
  }

  const http = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => answer(request.method ?? '', (request.url ?? '').replace(/\?.*/, ''), body))
      .then((said) => {
        response.writeHead(said === undefined ? 404 : request.url?.endsWith('/tokens') === true ? 201 : 200, {
          'content-type': 'application/json',
          'x-subject-token': 'a-token',
        });
        response.end(JSON.stringify(said ?? { error: { code: 404, message: request.url } }));
      });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return { authUrl: `${base}/v3`, close: () => new Promise((resolve) => http.close(() => resolve())) };
}

function tokenOf(base: string): object {
  const service = (type: string, url: string) => ({
    type,
    endpoints: [{ interface: 'public', region_id: 'RegionOne', region: 'RegionOne', url }],
  });
  return {
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    user: { id: 'admin', name: 'admin' },
    project: { id: 'admin', name: 'admin' },
    roles: [{ name: 'admin' }],
    catalog: [service('identity', `${base}/v3`), service('compute', `${base}/compute`)],
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}
