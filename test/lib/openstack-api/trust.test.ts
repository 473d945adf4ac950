import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from '../../../lib/openstack-api/http.ts';
import { trusting } from '../../../lib/openstack-api/trust.ts';

// Made for this test, of no use elsewhere: openssl req -x509 -newkey ec … -addext subjectAltName=IP:127.0.0.1
const file = (name: string) => join(import.meta.dirname, 'tls', name);
let server: Server;
let url: string;
beforeAll(async () => {
  const identity = { key: readFileSync(file('key.pem')), cert: readFileSync(file('certificate.pem')) };
  server = createServer(identity, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => response.end(JSON.stringify({ method: request.method, body })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const once = { attempts: 1, baseMilliseconds: 1, maximumMilliseconds: 1 };

it('trusts the authority of its file, and sends what fetch sends', async () => {
  const transport = trusting(file('certificate.pem'));
  const answer = await send({ method: 'POST', url, body: { a: 1 } }, { cloud: 'x', transport, retry: once });
  expect(answer).toMatchObject({ status: 200, body: { method: 'POST', body: '{"a":1}' } });
});

it('ends with the time-out and the signal that fetch would end with', async () => {
  const transport = trusting(file('certificate.pem'));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(send({ method: 'GET', url, signal }, { cloud: 'x', transport, retry: once })).rejects.toThrow('enough');
});

it('leaves every other client of the process without that authority', async () => {
  trusting(file('certificate.pem'));
  await expect(send({ method: 'GET', url }, { cloud: 'y', retry: once })).rejects.toMatchObject({
    code: 'cloud-unreachable',
    message: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
  });
});
