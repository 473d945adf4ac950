import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { BootSecrets } from '../secrets/boot-secrets.ts';
import type { OpenStackClient } from './client.ts';
import type { EnvironmentUser } from './cloud-api.ts';
import { EnvironmentUsers } from './environment-users.ts';
import { isThere, noCreatorRole, statusOf } from './errors.ts';
import { onceSeen } from './retry.ts';

export interface BarbicanBootProps {
  /** The operator's. */
  readonly client: OpenStackClient;
  /** Name of the cloud, for messages. */
  readonly cloud: string;
  readonly region: string;
  /** In whose name servers ask: a user for this alone, with the one role that Barbican asks for, in the project of the servers alone. */
  readonly user: EnvironmentUser;
  readonly projectId: string;
}

/** Barbican's own role of whoever makes, reads and removes secrets of their own. */
const CREATOR = 'creator';
/** How the names of what is made here begin. */
export const BOOT_SECRET_PREFIX = 'tandem-boot-';

const named = z.object({ id: z.string(), name: z.string() });
const made = z.object({ secret_ref: z.string() });
const issued = z.object({ application_credential: z.object({ id: z.string(), secret: z.string() }) });

/**
 * Keystone and Barbican: the values are a secret that ends by itself, and the token is an application credential that may read and
 * delete that one secret (access rules), and ends as soon. Who has read it deletes it. Barbican must say in `keystone_authtoken`
 * which service it is (`service_type`): otherwise the middleware refuses every credential with access rules.
 * https://docs.openstack.org/keystone/latest/user/application_credentials.html#access-rules
 */
export function barbicanBootSecrets(props: BarbicanBootProps): BootSecrets {
  const { client, cloud, region, user, projectId } = props;
  let acting: Promise<Actor> | undefined;
  const actor = async (): Promise<Actor> => {
    acting ??= actorOf(props);
    return await acting;
  };
  const stillThere = async (id: string): Promise<boolean> => {
    const { own } = await actor();
    return await isThere(() => own.get('secrets', `/secrets/${id}`, z.looseObject({})));
  };
  return {
    async offer(values, ttlSeconds) {
      const { own, userId } = await actor();
      const until = Math.floor(Date.now() / 1000) + ttlSeconds;
      const end = new Date(until * 1000).toISOString();
      const name = `${BOOT_SECRET_PREFIX}${randomBytes(6).toString('hex')}`;
      const payload = Buffer.from(JSON.stringify(values)).toString('base64');
      const kind = { payload_content_type: 'application/octet-stream', payload_content_encoding: 'base64' };
      const body = { name, payload, ...kind, expiration: end };
      const { secret_ref } = await own.post('secrets', '/secrets', body, made);
      // As Barbican's middleware sees it in a request, with whatever stands before the version.
      const at = new URL(secret_ref).pathname.replace(/\/+$/, '');
      const secretId = at.split('/').at(-1) ?? '';
      const rule = (method: string, path: string) => ({ service: 'key-manager', method, path });
      const credential = {
        name,
        description: `${user.description}; secrets of a server at its boot`,
        // Of Keystone, with microseconds.
        expires_at: end.replace('Z', '000'),
        roles: [{ name: CREATOR }],
        access_rules: [rule('GET', `${at}/payload`), rule('DELETE', at)],
      };
      const path = `/users/${userId}/application_credentials`;
      const request = { application_credential: credential };
      const answer = await onceSeen(() => own.post('identity', path, request, issued), isUnassigned, {
        signal: client.signal,
      });
      return { kind: 'barbican', authUrl: client.authUrl, region, ...answer.application_credential, secretId, until };
    },
    async isSpent(token) {
      return token.kind !== 'barbican' || !(await stillThere(token.secretId));
    },
  };

  async function actorOf({ client: operator }: BarbicanBootProps): Promise<Actor> {
    const users = new EnvironmentUsers(operator, cloud);
    const userId = await users.provide(user);
    const roles = await operator.list('identity', `/roles?name=${CREATOR}`, 'roles', named);
    const [role] = roles;
    if (role === undefined) throw noCreatorRole(cloud, CREATOR);
    await operator.put('identity', `/projects/${projectId}/users/${userId}/roles/${role.id}`);
    return { userId, own: await users.actAs(user, userId, projectId) };
  }
}

/** Keystone caches who has which role: one that was just given is not seen by each of its processes at once (met in the lab). */
function isUnassigned(error: unknown): boolean {
  return statusOf(error) === 400 && error instanceof Error && /unassigned role/.test(error.message);
}

interface Actor {
  readonly userId: string;
  /** As the user, in the project. */
  readonly own: OpenStackClient;
}
