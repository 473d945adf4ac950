import { z } from 'zod';
import { noSuchSecret } from '../secrets/errors.ts';
import { Secret, type SecretRef, type SecretStore, toReference } from '../secrets/secret.ts';
import type { OpenStackClient } from './client.ts';
import { ifThere } from './errors.ts';

export interface BarbicanProps {
  readonly client: OpenStackClient;
  /** Name of the cloud, for messages. */
  readonly cloud: string;
  /** Prefix of every secret's name, without a slash at its end: `tandem/acme`. */
  readonly prefix: string;
  /** Compares where the credentials lead with what the cloud's configuration names; asked once, before anything else. */
  readonly assertIdentity: () => Promise<void>;
}

const item = z.object({ secret_ref: z.string(), name: z.string().nullable(), status: z.string() });
const made = z.object({ secret_ref: z.string() });

const BYTES = 'application/octet-stream';

/** So many names a page; Barbican gives at most 100. */
const PAGE = 100;

/**
 * Secrets in Barbican, in the operator's project. Barbican's secrets have no unique names and cannot change once they have a value: the newest of a
 * name counts, and those before it are deleted. The caller needs the role `creator`.
 * https://docs.openstack.org/barbican/latest/api/reference/secrets.html
 */
export function barbican({ client, cloud, prefix, assertIdentity }: BarbicanProps): SecretStore {
  let identity: Promise<void> | undefined;
  const ready = async (): Promise<void> => {
    identity ??= assertIdentity();
    await identity;
  };
  const nameOf = (reference: SecretRef): string => `${prefix}/${reference.slice('secret:'.length)}`;

  /** Those of a name, newest first; all where none is given. */
  const find = async (name?: string): Promise<{ id: string; name: string }[]> => {
    await ready();
    const found: { id: string; name: string }[] = [];
    const filter = name === undefined ? '' : `&name=${encodeURIComponent(name)}`;
    for (let offset = 0, full = true; full; offset += PAGE) {
      const path = `/secrets?limit=${PAGE}&offset=${offset}&sort=created:desc${filter}`;
      const page = await client.get('secrets', path, z.object({ secrets: z.array(item) }));
      full = page.secrets.length === PAGE;
      for (const { secret_ref, name: own, status } of page.secrets)
        if (own !== null && status === 'ACTIVE' && (name === undefined || own === name))
          found.push({ id: idIn(secret_ref), name: own });
    }
    return found;
  };
  const remove = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) await client.delete('secrets', `/secrets/${id}`);
  };

  return {
    async put(reference, value) {
      const name = nameOf(reference);
      const before = await find(name);
      const payload = Buffer.from(value.unwrap()).toString('base64');
      // As bytes: of text Barbican cuts white space at both ends.
      const body = { name, payload, payload_content_type: BYTES, payload_content_encoding: 'base64' };
      const { secret_ref } = await client.post('secrets', '/secrets', body, made);
      const own = idIn(secret_ref);
      await remove(before.map(({ id }) => id).filter((id) => id !== own));
    },
    async use<T>(reference: SecretRef, action: (secret: Secret) => Promise<T>): Promise<T> {
      for (const { id } of await find(nameOf(reference))) {
        const value = await payloadOf(client, id);
        if (value !== undefined) return action(new Secret(value, reference));
      }
      throw noSuchSecret(reference, `Barbican of cloud ${cloud}`);
    },
    async remove(reference) {
      await remove((await find(nameOf(reference))).map(({ id }) => id));
    },
    async list() {
      const names = (await find()).map(({ name }) => name).filter((name) => name.startsWith(`${prefix}/`));
      return [...new Set(names)].sort().flatMap((name) => toReference(name.slice(prefix.length + 1)));
    },
    close: () => undefined,
  };
}

/** Undefined where another put replaced it meanwhile. */
async function payloadOf(client: OpenStackClient, id: string): Promise<string | undefined> {
  const options = { headers: { accept: BYTES } };
  return await ifThere(() => client.text('secrets', `/secrets/${id}/payload`, options));
}

function idIn(reference: string): string {
  return reference.replace(/\/+$/, '').split('/').at(-1) ?? '';
}
