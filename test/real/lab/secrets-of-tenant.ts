import { z } from 'zod';
import type { OpenStackClient } from '../../../lib/openstack-api/client.ts';

type Body = Readonly<Record<string, unknown>>;

/** Barbican tells secrets by their address, and a private one to nobody but its maker. */
export async function makeSecrets(by: <T>(act: (client: OpenStackClient) => Promise<T>) => Promise<T>): Promise<void> {
  const payload = { payload: 'x', payload_content_type: 'text/plain' };
  const secret = z.object({ secret_ref: z.string() });
  const post = <T extends z.ZodType>(path: string, body: Body, schema: T) =>
    by((client) => client.post('secrets', path, body, schema));
  const { secret_ref } = await post('/secrets', { name: 'mine', ...payload }, secret);
  const id = secret_ref.split('/').at(-1) ?? '';
  await by((client) => client.put('secrets', `/secrets/${id}/acl`, { read: { 'project-access': false } }));
  const container = { type: 'generic', name: 'mine', secret_refs: [{ name: 'one', secret_ref }] };
  await post('/containers', container, z.unknown());
  const key = { name: 'ordered', algorithm: 'aes', bit_length: 256, mode: 'cbc' };
  await post(
    '/orders',
    { type: 'key', meta: { ...key, payload_content_type: 'application/octet-stream' } },
    z.unknown(),
  );
}
