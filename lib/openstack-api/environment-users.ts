import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { OpenStackClient } from './client.ts';
import type { CredentialRequest, EnvironmentUser, IssuedCredential } from './cloud-api.ts';
import { Credentials } from './credentials.ts';
import { cannotMakeUsers, noMemberRole, statusOf, userTaken } from './errors.ts';
import { domainNamed, named } from './named.ts';
import { wait } from './retry.ts';

/** OpenStack's own role of whoever works in a project. */
const MEMBER = 'member';
/** Roles that services ask for besides, where the cloud has them: Octavia's, Barbican's and Heat's default policies. */
const FURTHER_ROLES = ['load-balancer_member', 'creator', 'heat_stack_owner'];
/** How the names of what is issued here begin. */
const PREFIX = 'tandem-';
/** A token that is given in the second of a change of password is revoked with those before. */
const REVOCATION_MILLISECONDS = 1100;
/** Answers of a Keystone that lets this caller make no users, or whose users are kept elsewhere (LDAP). */
const REFUSALS = new Set([403, 405, 501]);

const userSchema = z.looseObject({ id: z.string(), name: z.string(), description: z.string().nullish() });
const credentialSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  project_id: z.string().nullish(),
  expires_at: z.string().nullish(),
});
const keyPairSchema = z.object({ keypair: z.looseObject({ name: z.string() }) });

type FoundUser = z.output<typeof userSchema>;

/** The Keystone users of environments, as the operator makes and removes them. */
export class EnvironmentUsers {
  readonly #client: OpenStackClient;
  readonly #cloud: string;

  constructor(client: OpenStackClient, cloud: string) {
    this.#client = client;
    this.#cloud = cloud;
  }

  async provide(user: EnvironmentUser): Promise<string> {
    return await this.#orCannot(user, async () => {
      const domainId = await domainNamed(this.#client, user.domain);
      const found = domainId === undefined ? undefined : await this.#find(user, domainId);
      if (found !== undefined) return this.#requireOwn(user, found).id;
      const { name, description } = user;
      // Nobody knows the password: whoever works as this user has an application credential of it.
      const body = { user: { name, description, domain_id: domainId, password: password(), options: OPTIONS } };
      return (await this.#client.post('identity', '/users', body, z.object({ user: named }))).user.id;
    });
  }

  async issue(user: EnvironmentUser, { projectId, expiresAt, rotate }: CredentialRequest): Promise<IssuedCredential> {
    const userId = await this.provide(user);
    await this.#assignRoles(userId, projectId);
    const own = await this.actAs(user, userId, projectId);
    const base = `/users/${userId}/application_credentials`;
    if (rotate)
      for (const old of await own.list('identity', base, 'application_credentials', credentialSchema))
        await own.delete('identity', `${base}/${old.id}`);
    const body = {
      application_credential: {
        name: `${PREFIX}${randomBytes(6).toString('hex')}`,
        description: user.description,
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt.toISOString().replace('Z', '000Z') }),
      },
    };
    const schema = z.object({ application_credential: z.object({ id: z.string(), secret: z.string() }) });
    const issued = (await own.post('identity', base, body, schema)).application_credential;
    await this.#retireOperatorsOwn(projectId);
    return issued;
  }

  async test(user: EnvironmentUser, projectId: string, issued: IssuedCredential): Promise<boolean> {
    const identity = { methods: ['application_credential'], application_credential: issued };
    const schema = z.object({ token: z.object({ project: named, user: named }) });
    try {
      const { token } = await this.#client.authenticate({ auth: { identity } }, schema);
      return token.project.id === projectId && token.user.name === user.name;
    } catch (error) {
      if (statusOf(error) === 401 || statusOf(error) === 404) return false;
      throw error;
    }
  }

  /** Keystone takes along what is the user's: application credentials, trusts, roles. Nova does not, so key pairs go first. */
  async remove(user: EnvironmentUser): Promise<void> {
    await this.#orCannot(user, async () => {
      const domainId = await domainNamed(this.#client, user.domain);
      const found = domainId === undefined ? undefined : await this.#find(user, domainId);
      // One of that name that is somebody else's was never made here.
      if (found === undefined || found.description !== user.description) return;
      const pairs = `/os-keypairs?user_id=${found.id}`;
      for (const { keypair } of await this.#client.list('compute', pairs, 'keypairs', keyPairSchema)) {
        const path = `/os-keypairs/${encodeURIComponent(keypair.name)}?user_id=${found.id}`;
        await this.#client.delete('compute', path);
      }
      await this.#client.delete('identity', `/users/${found.id}`);
    });
  }

  async #find({ name }: EnvironmentUser, domainId: string): Promise<FoundUser | undefined> {
    const path = `/users?domain_id=${domainId}&name=${encodeURIComponent(name)}`;
    return (await this.#client.list('identity', path, 'users', userSchema))[0];
  }

  #requireOwn(user: EnvironmentUser, found: FoundUser): FoundUser {
    if (found.description === user.description) return found;
    throw userTaken(this.#cloud, user.name, user.domain);
  }

  async #assignRoles(userId: string, projectId: string): Promise<void> {
    const roles = await this.#client.list('identity', '/roles', 'roles', named);
    if (!roles.some(({ name }) => name === MEMBER)) throw noMemberRole(this.#cloud, MEMBER);
    for (const { id, name } of roles) {
      if (name !== MEMBER && !FURTHER_ROLES.includes(name)) continue;
      await this.#client.put('identity', `/projects/${projectId}/users/${userId}/roles/${id}`);
    }
  }

  /** Keystone lets nobody but the user make its application credentials: it gets a new password, which is used once and forgotten. */
  async actAs(user: EnvironmentUser, userId: string, projectId: string): Promise<OpenStackClient> {
    const secret = password();
    await this.#orCannot(user, () =>
      this.#client.patch('identity', `/users/${userId}`, { user: { password: secret, options: OPTIONS } }),
    );
    // Keystone revokes, to the second, what the user was given until now.
    await wait(REVOCATION_MILLISECONDS, this.#client.signal);
    const auth = { auth_url: this.#client.authUrl, user_id: userId, password: secret, project_id: projectId };
    const credentials = Credentials.from({ auth, auth_type: 'v3password' });
    if (typeof credentials === 'string') throw new TypeError(credentials);
    return this.#client.actingAs(credentials);
  }

  /** Earlier versions issued owners a credential of the operator's own user, which sees and changes what is the operator's. */
  async #retireOperatorsOwn(projectId: string): Promise<void> {
    const { user } = await this.#client.whoami();
    const base = `/users/${user.id}/application_credentials`;
    for (const old of await this.#client.list('identity', base, 'application_credentials', credentialSchema))
      if (old.project_id === projectId && old.name.startsWith(PREFIX))
        await this.#client.delete('identity', `${base}/${old.id}`);
  }

  async #orCannot<T>(user: EnvironmentUser, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (REFUSALS.has(statusOf(error) ?? 0)) throw cannotMakeUsers(this.#cloud, user.name, user.domain, error);
      throw error;
    }
  }
}

/** The user can't change its password, and is not asked to before its first use. */
const OPTIONS = { lock_password: true, ignore_change_password_upon_first_use: true };

/** Random, and of every kind of character that a cloud's rules for passwords may ask for. */
function password(): string {
  return `Aa1!${randomBytes(32).toString('base64url')}`;
}
