import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OpenStackClient } from '../../../lib/openstack-api/client.ts';
import { Credentials } from '../../../lib/openstack-api/credentials.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let authentications: number;
let answers: Handler;
let seen: string[];
const retry = { attempts: 3, baseMilliseconds: 1, maximumMilliseconds: 5 };

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/v3/auth/tokens') {
      authentications += 1;
      response.setHeader('x-subject-token', `token-${authentications}`);
      response.end(JSON.stringify({ token: token() }));
      return;
    }
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answers(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  authentications = 0;
  seen = [];
});

function token() {
  const endpoint = (path: string) => [{ interface: 'public', region_id: 'RegionOne', url: `${url}${path}` }];
  return {
    expires_at: '2999-01-01T00:00:00Z',
    user: { id: 'u', name: 'admin' },
    project: { id: 'p', name: 'admin' },
    roles: [{ name: 'admin' }],
    catalog: [
      { type: 'compute', endpoints: endpoint('/v2.1') },
      { type: 'network', endpoints: endpoint('') },
    ],
  };
}

function client(timeoutSeconds = 60): OpenStackClient {
  const auth = { auth_url: url, username: 'admin', password: 'hunter2', project_name: 'admin' };
  const credentials = Credentials.from({ auth });
  if (typeof credentials === 'string') throw new Error(credentials);
  const access = {
    entry: 'x',
    file: '',
    credentials,
    region: 'RegionOne',
    interface: 'public',
    caFile: undefined,
  } as const;
  return OpenStackClient.open(access, { cloud: 'test', retry, timeoutSeconds });
}

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.statusCode = status;
  response.setHeader('x-openstack-request-id', 'req-42');
  response.end(JSON.stringify(body));
};
const item = z.object({ id: z.number() });

describe('an answer that is not the cloud’s', () => {
  const page = (response: ServerResponse): void => void response.end('<html>Please log in: secret-of-a-page</html>');

  it.each([
    ['a page', page, 'it is not JSON'],
    ['another shape', (response: ServerResponse) => json(response, { id: 'secret-of-a-page' }), 'id: '],
    ['nothing', (response: ServerResponse) => void response.end(), 'received undefined'],
  ])('fails as expected where it is %s, and nothing of it is shown', async (_, answer, why) => {
    answers = (_request, response) => answer(response);
    const got = client().get('compute', '/servers/1', item);
    await expect(got).rejects.toMatchObject({ code: 'cloud-answer-unreadable' });
    const error = await got.catch((thrown: unknown) => String(thrown));
    expect(error).toContain(why);
    expect(error).not.toContain('secret-of-a-page');
  });

  it('is no empty list, and no item of one', async () => {
    const list = (key = 'servers') => client().list('compute', '/servers', key, item);
    const bodies = [{ servers: [{ id: 1 }, null] }, {}, { items: [] }, { servers: null }, { servers: { id: 1 } }, []];
    const wrong = bodies.map(
      (body): Handler =>
        (_request, response) =>
          json(response, body),
    );
    for (const answer of [(_request, response) => page(response), ...wrong] as Handler[]) {
      answers = answer;
      await expect(list()).rejects.toMatchObject({ code: 'cloud-answer-unreadable', details: { cloud: 'test' } });
    }
    answers = (_request, response) => json(response, {});
    await expect(list('')).rejects.toMatchObject({ code: 'cloud-answer-unreadable' });
  });

  it('fails on a later page that has no list', async () => {
    answers = (request, response) =>
      json(
        response,
        request.url?.includes('marker') === true ? {} : { servers: [{ id: 1 }], next: '/servers?marker=1' },
      );
    const list = client().list('compute', '/servers', 'servers', item);
    await expect(list).rejects.toMatchObject({ message: expect.stringContaining('servers: ') as unknown });
  });

  it('lists nothing where the service has no content', async () => {
    answers = (_request, response) => {
      response.statusCode = 204;
      response.end();
    };
    await expect(client().list('compute', '/container', '', item)).resolves.toEqual([]);
  });
});

describe('a client', () => {
  it('authenticates for others where the one that began it is stopped', async () => {
    const shared = client();
    const stop = new AbortController();
    const first = shared.until(stop.signal).whoami();
    const others = [shared.whoami(), shared.until(new AbortController().signal).whoami()];
    stop.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    expect((await Promise.all(others)).map(({ user }) => user.name)).toEqual(['admin', 'admin']);
  });

  it('authenticates once for many requests at once, and sends token and microversion', async () => {
    let headers: IncomingMessage['headers'] = {};
    answers = (request, response) => {
      headers = request.headers;
      json(response, { servers: [] });
    };
    const api = client();
    await Promise.all([1, 2, 3].map(() => api.list('compute', '/servers', 'servers', item)));
    expect(authentications).toBe(1);
    expect(headers['x-auth-token']).toBe('token-1');
    expect(headers['openstack-api-version']).toMatch(/^compute 2\./);
  });

  it('has its requests, and those of clients made of it, end with its signal', async () => {
    const cancelled = new AbortController();
    answers = () => cancelled.abort(new Error('enough'));
    const own = client().until(cancelled.signal);
    await expect(own.inProject('p').list('compute', '/servers', 'servers', item)).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });

  it('follows the three kinds of link to the next page, by their query alone', async () => {
    const links = [
      { servers_links: [{ rel: 'next', href: 'http://elsewhere/v2.1/servers?marker=1' }] },
      { links: { next: '/x?marker=2' } },
      { next: '/v2/x?marker=3' },
      {},
    ];
    let page = 0;
    answers = (_, response) => {
      json(response, { servers: [{ id: page }], ...links[page] });
      page += 1;
    };
    expect(await client().list('compute', '/servers', 'servers', item)).toEqual([0, 1, 2, 3].map((id) => ({ id })));
    expect(seen.map((each) => each.replace(/.*\?/, ''))).toEqual([
      'GET /v2.1/servers',
      'marker=1',
      'marker=2',
      'marker=3',
    ]);
  });

  it('asks for another token where one was refused, once', async () => {
    answers = (request, response) =>
      request.headers['x-auth-token'] === 'token-1' ? json(response, {}, 401) : json(response, { id: 1 });
    expect(await client().get('network', '/x', item)).toEqual({ id: 1 });
    expect(authentications).toBe(2);
    answers = (_, response) => json(response, { error: { message: 'no' } }, 401);
    await expect(client().get('network', '/x', item)).rejects.toMatchObject({ code: 'cloud-unauthorised' });
  });

  it('tries again after a passing failure', async () => {
    let count = 0;
    answers = (request, response) => {
      count += 1;
      if (count === 1) json(response, {}, 503);
      else if (count === 2) request.socket.destroy();
      else json(response, { id: 7 });
    };
    expect(await client().get('network', '/x', item)).toEqual({ id: 7 });
  });

  it('takes what is gone for deleted', async () => {
    answers = (_, response) => json(response, {}, 404);
    await client().delete('network', '/ports/1');
    expect(seen).toEqual(['DELETE /v2.0/ports/1']);
  });

  it('fails with status, message and request id, and never with the password', async () => {
    answers = (_, response) => json(response, { conflictingRequest: { code: 409, message: 'port is in use' } }, 409);
    const error: unknown = await client()
      .get('compute', '/servers/1?secret=x', item)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'cloud-conflict', details: { status: 409, requestId: 'req-42' } });
    expect(String(error)).toContain('port is in use (request req-42)');
    expect(JSON.stringify(error) + String(error)).not.toMatch(/hunter2|secret=x/);
  });

  it('fails after a time-out, naming it', async () => {
    answers = () => undefined;
    await expect(client(0.05).get('network', '/x', item)).rejects.toThrow(/did not answer: no answer within 0.05 s/);
  });

  it('fails where the catalogue has no such service', async () => {
    await expect(client().get('dns', '/zones', item)).rejects.toMatchObject({ code: 'no-such-service' });
  });
});
