import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeVault {
  readonly url: string;
  /** A token that may wrap and look up. */
  readonly token: string;
  /** Moves its clock on. */
  pass(seconds: number): void;
  close(): Promise<void>;
}

/**
 * Response wrapping as Vault and OpenBao document it, on 127.0.0.1:
 *
 * - `wrap` keeps the body for `X-Vault-Wrap-TTL` (`900s`), and answers `wrap_info` with a token. Without a known `X-Vault-Token` it answers 403.
 * - `unwrap` gives the body as `data` to a token in `X-Vault-Token` or `{"token": …}`, once; then, and after its time, it answers 400.
 * - `lookup` answers with when a token was made and for how long; 400 where it is none any more.
 * - The test of the contract runs the same over the real Vault, where there is one.
 */
export async function startFakeVault(): Promise<FakeVault> {
  const token = `hvs.${randomBytes(12).toString('hex')}`;
  const kept = new Map<string, { data: unknown; until: number; ttl: number }>();
  let skipped = 0;
  const now = (): number => Date.now() / 1000 + skipped;
  const answer = (path: string, headers: IncomingMessage['headers'], body: Record<string, unknown>) => {
    const own = String(headers['x-vault-token'] ?? '');
    const named = typeof body['token'] === 'string' ? body['token'] : own;
    const found = kept.get(named);
    const live = found !== undefined && found.until > now() ? found : undefined;
    if (path === '/v1/sys/wrapping/unwrap') {
      kept.delete(named);
      return live === undefined ? { status: 400 } : { status: 200, body: { data: live.data } };
    }
    if (own !== token) return { status: 403 };
    if (path === '/v1/sys/wrapping/lookup')
      return live === undefined ? { status: 400 } : { status: 200, body: { data: { creation_ttl: live.ttl } } };
    const ttl = Number(/^(\d+)s$/.exec(String(headers['x-vault-wrap-ttl']))?.[1]);
    if (path !== '/v1/sys/wrapping/wrap' || !(ttl > 0)) return { status: 404 };
    const made = `hvs.${randomBytes(48).toString('base64url')}`;
    kept.set(made, { data: body, until: now() + ttl, ttl });
    return { status: 200, body: { wrap_info: { token: made, ttl } } };
  };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += String(chunk)));
    request.on('end', () => {
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      const said = answer(request.url ?? '', request.headers, body);
      response.writeHead(said.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said.body ?? { errors: ['wrapping token is not valid or does not exist'] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    pass: (seconds) => void (skipped += seconds),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
