import type { Cloud } from '../../config/schema/cloud.ts';
import { topologyOf } from '../topology/topology.ts';
import { evaluate, truth } from './condition.ts';
import { plainValue } from './expression.ts';
import { globalSettings } from './globals.ts';
import { type Globals, valuesWith } from './running.ts';

/**
 * What a file holds.
 * - `certificate`: a certificate, then those that lead to its authority; its key is in the file that `key` names;
 * - `certificate-and-key`: the same with its key behind it, as HAProxy wants it;
 * - `key`: a private key;
 * - `authorities`: certificates of authorities; a path that ends in a slash is a folder of such files;
 * - `keyring`, `ceph-conf`, `passwords`, `image`: what their names say.
 */
export type SecretKind =
  | 'certificate'
  | 'certificate-and-key'
  | 'key'
  | 'authorities'
  | 'keyring'
  | 'ceph-conf'
  | 'passwords'
  | 'image';

/** A file that kolla-ansible reads on the deployment host, and Tandem never writes. */
export interface SecretFile {
  /** Below the folder `kolla.secrets`: `certificates/haproxy.pem`. */
  readonly path: string;
  readonly kind: SecretKind;
  /** Path of the certificate's key. @default none of its own */
  readonly key?: string;
  /** Names or addresses that clients ask for, all of which the certificate must carry. @default none that Tandem knows */
  readonly names?: readonly string[];
  /** Paths that are read instead where they exist; `<host>` and `<service>` stand for any name. @default none */
  readonly instead?: readonly string[];
  /** Who reads it, and by which setting: "ProxySQL, since database_enable_tls_internal is on". */
  readonly reader: string;
}

interface Row extends Omit<SecretFile, 'path' | 'names' | 'key'> {
  /** `{name}` is the value of a variable. */
  readonly path: string;
  readonly key?: string;
  /** Variables that hold the names. */
  readonly carries?: readonly string[];
  /** Condition, as Kolla's own tasks have it. */
  readonly when: string;
}

const OWN = 'not kolla_externally_managed_cert | bool';
const forHosts = (kind: 'cert' | 'key', service: string) => [
  `certificates/<host>/${service}-${kind}.pem`,
  `certificates/<host>-${kind}.pem`,
];
/** A certificate with its key in a file of its own. */
const pair = (name: string, own: Omit<Row, 'path' | 'kind' | 'key'>, service?: string): Row[] => {
  const key = `certificates/${name}-key.pem`;
  const instead = (kind: 'cert' | 'key') => (service === undefined ? {} : { instead: forHosts(kind, service) });
  const { carries: _, ...rest } = own;
  return [
    { ...own, path: `certificates/${name}-cert.pem`, kind: 'certificate', key, ...instead('cert') },
    { ...rest, path: key, kind: 'key', ...instead('key') },
  ];
};
const amphora = (file: string, kind: SecretKind): Row => ({
  path: `config/octavia/${file}`,
  kind,
  when: "enable_octavia | bool and 'amphora' in octavia_provider_drivers",
  reader: 'Octavia for its amphorae, since loadBalancer.provider is amphora',
});
const ceph = (folder: string, user: string, when: string, reader: string): Row[] => [
  { path: `config/${folder}/{ceph_cluster}.client.{${user}}.keyring`, kind: 'keyring', when, reader },
];
const cephConf = (folder: string, when: string, reader: string, instead: readonly string[] = []): Row => ({
  ...{ path: `config/${folder}/{ceph_cluster}.conf`, kind: 'ceph-conf', when, reader },
  ...(instead.length === 0 ? {} : { instead }),
});
const libvirt = (file: string, kind: SecretKind, key?: string): Row => ({
  ...{ path: `config/nova/nova-libvirt/${file}`, kind, instead: [`config/nova/nova-libvirt/<host>/${file}`] },
  ...(key === undefined ? {} : { key: `config/nova/nova-libvirt/${key}` }),
  ...{ when: 'libvirt_tls | bool and libvirt_tls_manage_certs | bool', reader: 'libvirt, since libvirt_tls is on' },
});
const CINDER = 'enable_cinder | bool and cinder_backend_ceph | bool';
const BACKUP = `${CINDER} and enable_cinder_backup | bool`;
const NOVA = 'enable_nova | bool and nova_backend_ceph | bool';
const MANILA =
  'enable_manila | bool and (enable_manila_backend_cephfs_native | bool or enable_manila_backend_cephfs_nfs | bool)';
const AGENT = {
  kind: 'image',
  when: 'enable_ironic_dnsmasq | bool',
  reader: 'Ironic, which boots hosts with it',
} as const;

/** Every file that a setting of the release makes a deployment read, as its roles look for them. */
const ROWS: readonly Row[] = [
  { path: 'passwords.yml', kind: 'passwords', when: 'true', reader: 'every service' },
  {
    ...{ path: 'certificates/haproxy.pem', kind: 'certificate-and-key', carries: ['kolla_external_fqdn'] },
    when: `enable_haproxy | bool and kolla_enable_tls_external | bool and ${OWN} and letsencrypt_managed_certs in ['internal', '']`,
    reader: 'HAProxy on the external address, since vips.tls.external is on',
  },
  {
    ...{ path: 'certificates/haproxy-internal.pem', kind: 'certificate-and-key', carries: ['kolla_internal_fqdn'] },
    when: `enable_haproxy | bool and kolla_enable_tls_internal | bool and ${OWN} and letsencrypt_managed_certs in ['external', '']`,
    reader: 'HAProxy on the internal address, since vips.tls.internal is on',
  },
  ...pair('proxysql', {
    carries: ['kolla_internal_fqdn'],
    when: `enable_proxysql | bool and database_enable_tls_internal | bool and ${OWN}`,
    reader: 'ProxySQL before the database, since vips.tls.internal turns database_enable_tls_internal on',
  }),
  ...pair(
    'rabbitmq',
    { when: 'rabbitmq_enable_tls | bool', reader: 'RabbitMQ, since rabbitmq_enable_tls is on' },
    'rabbitmq',
  ),
  ...pair(
    'backend',
    {
      when: 'kolla_enable_tls_backend | bool',
      reader: 'every API behind HAProxy, since kolla_enable_tls_backend is on',
    },
    '<service>',
  ),
  {
    ...{ path: 'certificates/ca/', kind: 'authorities', when: 'kolla_copy_ca_into_containers | bool' },
    reader: 'every container, since kolla_copy_ca_into_containers is on',
  },
  amphora('client.cert-and-key.pem', 'certificate-and-key'),
  amphora('client_ca.cert.pem', 'authorities'),
  amphora('server_ca.cert.pem', 'authorities'),
  amphora('server_ca.key.pem', 'key'),
  cephConf('glance', 'enable_glance | bool and glance_backend_ceph | bool', 'Glance', [
    'config/glance/glance-api/ceph.conf',
  ]),
  ...ceph('glance', 'ceph_glance_user', 'enable_glance | bool and glance_backend_ceph | bool', 'Glance'),
  cephConf('cinder', CINDER, 'Cinder', ['config/cinder/cinder-volume/ceph.conf']),
  ...ceph('cinder/cinder-volume', 'ceph_cinder_user', CINDER, 'Cinder'),
  ...ceph('cinder/cinder-backup', 'ceph_cinder_user', BACKUP, "Cinder's backups"),
  ...ceph('cinder/cinder-backup', 'ceph_cinder_backup_user', BACKUP, "Cinder's backups"),
  cephConf('nova', NOVA, 'Nova', ['config/nova/<host>/ceph.conf']),
  ...ceph('nova', 'ceph_nova_user', NOVA, 'Nova, for disks of servers'),
  ...ceph('nova', 'ceph_cinder_user', CINDER, 'Nova, for volumes'),
  cephConf('manila', MANILA, 'Manila'),
  ...ceph('manila', 'ceph_manila_user', MANILA, 'Manila'),
  libvirt('cacert.pem', 'authorities'),
  libvirt('servercert.pem', 'certificate', 'serverkey.pem'),
  libvirt('serverkey.pem', 'key'),
  libvirt('clientcert.pem', 'certificate', 'clientkey.pem'),
  libvirt('clientkey.pem', 'key'),
  { ...AGENT, path: 'config/ironic/ironic-agent.kernel' },
  { ...AGENT, path: 'config/ironic/ironic-agent.initramfs' },
];

/** The files that a deployment with these globals reads, each once, in the order of the release's roles. Pure. */
export function secretFilesIn(globals: Globals): SecretFile[] {
  const values = valuesWith(globals);
  const textOf = (name: string): string | undefined => {
    const value = values(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const named = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => textOf(name) ?? name);
  const found = new Map<string, SecretFile>();
  for (const { when, carries, path, key, ...row } of ROWS) {
    // What only a host could tell is not asked for.
    if (truth(evaluate(when, values)) !== true || found.has(named(path))) continue;
    const names = carries?.flatMap((each) => textOf(each) ?? []);
    found.set(named(path), {
      ...{ ...row, path: named(path) },
      ...(key === undefined ? {} : { key: named(key) }),
      ...(names === undefined || names.length === 0 ? {} : { names }),
    });
  }
  return [...found.values()];
}

/** The same for a cloud as it is configured. None where Kolla-Ansible does not deploy it. @throws TandemError `kolla-key-taken` */
export function secretFilesOf(name: string, cloud: Cloud): SecretFile[] {
  const { kolla } = cloud;
  if (kolla === undefined) return [];
  const settings = globalSettings(name, cloud, kolla, topologyOf(name, cloud));
  return secretFilesIn(Object.fromEntries(settings.map(({ key, value }) => [key, plainValue(value)])));
}
