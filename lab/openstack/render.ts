import { randomBytes } from 'node:crypto';
import { AUTH_URL, LAB_REGION } from './endpoints.ts';
import { HYPERVISOR_CAPACITY } from './hypervisors.ts';

/** Made anew by every `up`. Hexadecimal, so that no configuration format needs quoting. */
export interface LabSecrets {
  readonly admin: string;
  readonly service: string;
  readonly database: string;
  readonly rabbit: string;
}

export function newSecrets(): LabSecrets {
  const secret = (): string => randomBytes(24).toString('hex');
  return { admin: secret(), service: secret(), database: secret(), rabbit: secret() };
}

const DATABASE_SOCKET = '/run/mysqld/mysqld.sock';

/** Databases, each of the service that its name begins with. */
export const DATABASES = [
  'keystone',
  'glance',
  'placement',
  'nova',
  'nova_api',
  'nova_cell0',
  'neutron',
  'cinder',
  'octavia',
  'designate',
  'barbican',
] as const;

export function databaseUrl(name: string, secrets: LabSecrets): string {
  return `mysql+pymysql://lab:${secrets.database}@localhost/${name}?unix_socket=${DATABASE_SOCKET}&charset=utf8`;
}

export function transportUrl(secrets: LabSecrets): string {
  return `rabbit://lab:${secrets.rabbit}@127.0.0.1:5672/`;
}

/** Replaces `{{name}}` in a template; an unknown name is a mistake in the template. */
export function render(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`a lab template names ${name}, which has no value`);
    return value;
  });
}

/** All that the templates in `etc` may name. */
export function templateValues(secrets: LabSecrets): ReadonlyMap<string, string> {
  const values = new Map<string, string>([
    ['transport', transportUrl(secrets)],
    ['rabbitPassword', secrets.rabbit],
    ['passphrase', secrets.service.slice(0, 32)],
    // 32 bytes.
    ['barbicanKey', Buffer.from(secrets.service.slice(0, 32)).toString('base64')],
    ['hypervisor:cpuAllocationRatio', HYPERVISOR_CAPACITY.cpuAllocationRatio.toFixed(1)],
    ['nova:clients', novaClients(secrets)],
  ]);
  for (const name of DATABASES) values.set(`database:${name}`, databaseUrl(name, secrets));
  for (const user of ['glance', 'placement', 'nova', 'neutron', 'cinder', 'octavia', 'designate', 'barbican']) {
    values.set(`identity:${user}`, identity(user, secrets));
    values.set(`authtoken:${user}`, authtoken(user, secrets));
  }
  return values;
}

/** How a service logs in to call another one. */
function identity(user: string, secrets: LabSecrets): string {
  return [
    'auth_type = password',
    `auth_url = ${AUTH_URL}`,
    'project_domain_id = default',
    'user_domain_id = default',
    'project_name = service',
    `username = ${user}`,
    `password = ${secrets.service}`,
    `region_name = ${LAB_REGION}`,
  ].join('\n');
}

/** How a service checks the tokens that it is given. */
function authtoken(user: string, secrets: LabSecrets): string {
  return [
    `www_authenticate_uri = ${AUTH_URL}`,
    'memcached_servers = 127.0.0.1:11211',
    'service_token_roles = service',
    'service_token_roles_required = true',
    identity(user, secrets),
  ].join('\n');
}

/** What Nova's API, conductor and hypervisors have in common. */
function novaClients(secrets: LabSecrets): string {
  return [
    '[glance]',
    'api_servers = http://127.0.0.1:9292',
    '',
    '[neutron]',
    identity('neutron', secrets),
    'service_metadata_proxy = false',
    '',
    '[placement]',
    identity('placement', secrets),
    '',
    '[cinder]',
    `os_region_name = ${LAB_REGION}`,
    identity('cinder', secrets),
    '',
    '[service_user]',
    'send_service_user_token = true',
    identity('nova', secrets),
    '',
    '[oslo_concurrency]',
    'lock_path = /tmp',
  ].join('\n');
}
