import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type BootToken,
  certificatesUntil,
  readBootToken,
  TAKE_SECRETS,
  writeBootToken,
} from '../../../lib/bring-up/boot-token.ts';
import { takeSecrets } from '../secrets/take-secrets.ts';

const TOKENS: readonly BootToken[] = [
  { kind: 'wrapped', url: 'https://vault.example.org:8200', token: 'hvs.CAESIJ', until: 9 },
  {
    kind: 'barbican',
    authUrl: 'https://k:5000/v3',
    region: 'RegionOne',
    id: 'a1',
    secret: 'b2',
    secretId: 'c3',
    until: 9,
  },
  { kind: 'taken', digest: 'sha256-1' },
  { kind: 'taken', digest: 'sha256-1', until: 9 },
];
const VALUES = { consul: { 'gossip-key': 'canary-1' }, patroni: { superuser: 'canary-2' } };

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let servers: Server[] = [];
afterEach(async () => {
  for (const each of servers) await new Promise((resolve) => each.close(resolve));
  servers = [];
});

async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += String(chunk)));
    request.on('end', () => answer(request, response, body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the line of a boot token', () => {
  test('says when certificates end, of a server that has some', () => {
    expect(
      ['taken sha256-1 1795910400', 'taken sha256-1', 'wrapped https://v t 1795910400', ''].map(certificatesUntil),
    ).toEqual(['2026-11-29T00:00:00.000Z', undefined, undefined, undefined]);
  });

  test.each(TOKENS)('says what it was made from: $kind', (token) => {
    expect(readBootToken(writeBootToken(token))).toEqual(token);
  });

  test.each(['', 'wrapped', 'wrapped https://x', 'wrapped https://x t soon', 'other 1 2', 'taken a b'])(
    'fails for others: %j',
    (line) => {
      expect(readBootToken(line)).toBeUndefined();
    },
  );

  test('fails where Nova would not keep it', () => {
    const long = { kind: 'wrapped', url: `https://${'x'.repeat(220)}`, token: 'y'.repeat(40), until: 9 } as const;
    expect(() => writeBootToken(long)).toThrow(expect.objectContaining({ code: 'boot-token-too-long' }));
  });

  test('can stand in a part of user data that Terraform sees', () => {
    expect(TAKE_SECRETS).not.toMatch(/[$%]\{/);
  });
});

describe('a server takes its secrets', () => {
  test('of Vault, once', async () => {
    let unwrapped = 0;
    const url = await serve((request, response) => {
      const isGood = request.url === '/v1/sys/wrapping/unwrap' && request.headers['x-vault-token'] === 'hvs.one';
      if (isGood && (unwrapped += 1) === 1) response.end(JSON.stringify({ data: VALUES }));
      else response.writeHead(400).end('{"errors":["wrapping token is not valid or does not exist"]}');
    });
    const line = writeBootToken({ kind: 'wrapped', url, token: 'hvs.one', until: 9 });
    expect(JSON.parse(await takeSecrets(line))).toEqual(VALUES);
    expect(await takeSecrets(line)).toBe(`refused: POST ${url}/v1/sys/wrapping/unwrap answered 400`);
  });

  test('of Barbican, and deletes them there', async () => {
    let kept = true;
    const url = await serve((request, response, body) => {
      const { method = '', url: path = '' } = request;
      const may = request.headers['x-auth-token'] === 't-1';
      if (path === '/v3/auth/tokens') {
        const { identity } = (JSON.parse(body) as { auth: { identity: object } }).auth;
        expect(identity).toEqual({
          methods: ['application_credential'],
          application_credential: { id: 'a1', secret: 'b2' },
        });
        const at = (region: string, kind: string, to: string) => ({ region, interface: kind, url: to });
        const endpoints = [
          at('RegionOne', 'internal', 'http://127.0.0.1:1'),
          at('Other', 'public', 'http://127.0.0.1:1'),
        ];
        const catalog = [{ type: 'key-manager', endpoints: [...endpoints, at('RegionOne', 'public', `${url}/km`)] }];
        response.writeHead(201, { 'x-subject-token': 't-1' }).end(JSON.stringify({ token: { catalog } }));
      } else if (!may || !kept) response.writeHead(may ? 404 : 401).end();
      else if (`${method} ${path}` === 'GET /km/v1/secrets/c3/payload') response.end(JSON.stringify(VALUES));
      else if (`${method} ${path}` === 'DELETE /km/v1/secrets/c3') {
        kept = false;
        response.writeHead(204).end();
      } else response.writeHead(500).end();
    });
    const { kind, region, id, secret, secretId } = TOKENS[1] as Extract<BootToken, { kind: 'barbican' }>;
    const line = writeBootToken({ kind, authUrl: `${url}/v3`, region, id, secret, secretId, until: 9 });
    expect(JSON.parse(await takeSecrets(line))).toEqual(VALUES);
    expect(kept).toBe(false);
    expect(await takeSecrets(line)).toMatch(/^refused: GET .*\/secrets\/c3\/payload answered 404$/);
  });

  test.each([
    ['later', 503],
    ['refused', 403],
  ])('%s, where the service answers %i', async (verdict, status) => {
    const url = await serve((_, response) => void response.writeHead(status).end());
    const said = await takeSecrets(writeBootToken({ kind: 'wrapped', url, token: 'hvs.one', until: 9 }));
    expect(said).toBe(`${verdict}: POST ${url}/v1/sys/wrapping/unwrap answered ${status}`);
  });

  test('not where none is offered, or it has them', async () => {
    expect(await takeSecrets('')).toBe('null');
    expect(await takeSecrets('taken sha256-1')).toBe('null');
  });
});
