import { inspect } from 'node:util';
import type { CloudsEntry } from './clouds-entry.ts';

/** A project by name in its domain, or by id. */
export type ProjectScope =
  | { readonly id: string }
  | { readonly name: string; readonly domain: { readonly id: string } | { readonly name: string } };

/** Who asks for a token. Prints nothing of the secret; only the request that sends it sees it. */
export class Credentials {
  readonly authUrl: string;
  /** The project that the entry names; undefined where the credential itself decides (application credentials). */
  readonly project: ProjectScope | undefined;
  readonly #identity: Readonly<Record<string, unknown>>;

  private constructor(authUrl: string, identity: Readonly<Record<string, unknown>>, project: ProjectScope | undefined) {
    this.authUrl = authUrl;
    this.project = project;
    this.#identity = identity;
  }

  /** Application credentials belong to one project; no other can be asked for with them. */
  get isRescopable(): boolean {
    return this.project !== undefined;
  }

  /** The same identity, asking for another project. */
  scopedTo(project: ProjectScope): Credentials {
    return new Credentials(this.authUrl, this.#identity, project);
  }

  /** Body of `POST /v3/auth/tokens`. Holds the secret: for that request alone. */
  request(): unknown {
    const scope = this.project === undefined ? {} : { scope: { project: this.project } };
    return { auth: { identity: this.#identity, ...scope } };
  }

  toJSON(): string {
    return `credentials of ${this.authUrl}`;
  }

  [inspect.custom](): string {
    return this.toJSON();
  }

  /** What an entry of clouds.yaml says; a text that tells what it lacks where it cannot be used. */
  static from({ auth, auth_type: type }: Pick<CloudsEntry, 'auth' | 'auth_type'>): Credentials | string {
    const authUrl = versioned(auth.auth_url);
    const user = auth.user_id === undefined ? userByName(auth) : { id: auth.user_id };
    if (type === 'v3applicationcredential' || auth.application_credential_secret !== undefined) {
      const { application_credential_id: id, application_credential_name: name } = auth;
      const secret = auth.application_credential_secret;
      if (secret === undefined) return 'auth.application_credential_secret is missing';
      if (id === undefined && name === undefined) return 'auth.application_credential_id is missing';
      if (id === undefined && user === undefined)
        return 'auth.username is missing beside auth.application_credential_name';
      const credential = { ...(id === undefined ? { name, user } : { id }), secret };
      const identity = { methods: ['application_credential'], application_credential: credential };
      return new Credentials(authUrl, identity, undefined);
    }
    const project = projectOf(auth);
    if (project === undefined) return 'auth.project_name is missing';
    if (type === 'token' || type === 'v3token') {
      if (auth.token === undefined) return 'auth.token is missing';
      return new Credentials(authUrl, { methods: ['token'], token: { id: auth.token } }, project);
    }
    if (type !== undefined && type !== 'password' && type !== 'v3password') {
      return `auth_type: got "${type}"; use password, v3applicationcredential or token`;
    }
    if (user === undefined) return 'auth.username is missing';
    if (auth.password === undefined) return 'auth.password is missing';
    return new Credentials(
      authUrl,
      { methods: ['password'], password: { user: { ...user, password: auth.password } } },
      project,
    );
  }
}

type Auth = CloudsEntry['auth'];

function userByName(auth: Auth) {
  if (auth.username === undefined) return undefined;
  return { name: auth.username, domain: domainOf(auth.user_domain_id, auth.user_domain_name, auth) };
}

function projectOf(auth: Auth): ProjectScope | undefined {
  if (auth.project_id !== undefined) return { id: auth.project_id };
  if (auth.project_name === undefined) return undefined;
  return { name: auth.project_name, domain: domainOf(auth.project_domain_id, auth.project_domain_name, auth) };
}

function domainOf(id: string | undefined, name: string | undefined, auth: Auth) {
  if (id !== undefined) return { id };
  if (name !== undefined) return { name };
  if (auth.domain_id !== undefined) return { id: auth.domain_id };
  return auth.domain_name === undefined ? { id: 'default' } : { name: auth.domain_name };
}

/** Keystone's URL, with the version that this speaks: entries stand with and without it. */
function versioned(url: string): string {
  const bare = url.replace(/\/+$/, '');
  return /\/v\d+(\.\d+)?$/.test(bare) ? bare.replace(/\/v2\.0$/, '/v3') : `${bare}/v3`;
}
