import type { Cloud } from '../../config/schema/cloud.ts';

/** How a service takes a new certificate. */
export type Renewal =
  /** A new worker beside the old one, which finishes its requests: no request fails. */
  | 'reload'
  /** Read again for new connections; open ones go on. */
  | 'reread'
  /** Restarted, host after host. */
  | 'restart';

/** A certificate of a cloud: where its files are, and who shows it to whom. */
export interface CertificateUse {
  /** `haproxy-internal`: what `--rotate` takes. */
  readonly name: string;
  /** Below `certificates/` of the secrets' folder. */
  readonly file: string;
  /** File of its private key, where that is another one. */
  readonly keyFile?: string;
  readonly serves: string;
  /** What clients ask for. */
  readonly names: readonly string[];
  readonly renewal: Renewal;
  /** Kolla's tag that brings it to hosts, and the group of those. */
  readonly tag: string;
  readonly group: string;
  /** Where a client meets it. @default - it is not asked */
  readonly endpoint?: { readonly address: string; readonly port: number; readonly serverName: string };
}

/** Keystone's port, on which every cloud answers. */
const KEYSTONE = 5000;

/** The certificates that a cloud's settings ask for, as kolla-ansible 22.2.0 names their files. Pure. */
export function certificateUses({ vips, kolla }: Pick<Cloud, 'vips' | 'kolla'>): CertificateUse[] {
  const isOn = (key: string): boolean => kolla?.globals[key] === true || kolla?.globals[key] === 'yes';
  const uses: CertificateUse[] = [];
  const balancer = { tag: 'loadbalancer', group: 'loadbalancer' };
  if (vips?.tls.internal === true) {
    const { address, fqdn } = vips.internal;
    const names = [...new Set([fqdn, ...(vips.tls.certificates.internal?.names ?? [])])];
    const endpoint = { address, port: KEYSTONE, serverName: fqdn };
    const of = { serves: 'the internal APIs', names, endpoint, renewal: 'reload' as const, ...balancer };
    uses.push({ name: 'haproxy-internal', file: 'haproxy-internal.pem', ...of });
    // `kolla_enable_tls_internal` is the default of `database_enable_tls_internal`.
    if (kolla?.globals['database_enable_tls_internal'] !== false)
      uses.push({
        ...{ name: 'proxysql', file: 'proxysql-cert.pem', keyFile: 'proxysql-key.pem', ...balancer },
        ...{ serves: 'the database, to the services', names: [fqdn], renewal: 'restart' },
      });
  }
  if (vips?.external !== undefined && vips.tls.external) {
    const { address, fqdn } = vips.external;
    const names = [...new Set([fqdn, ...(vips.tls.certificates.external?.names ?? [])])];
    const endpoint = { address, port: KEYSTONE, serverName: fqdn };
    const of = { serves: 'the public APIs', names, endpoint, renewal: 'reload' as const, ...balancer };
    uses.push({ name: 'haproxy', file: 'haproxy.pem', ...of });
  }
  if (isOn('rabbitmq_enable_tls'))
    uses.push({
      ...{ name: 'rabbitmq', file: 'rabbitmq-cert.pem', keyFile: 'rabbitmq-key.pem', serves: 'the message queue' },
      ...{ names: [], renewal: 'reread', tag: 'rabbitmq', group: 'rabbitmq' },
    });
  if (isOn('kolla_enable_tls_backend'))
    uses.push({
      ...{ name: 'backend', file: 'backend-cert.pem', keyFile: 'backend-key.pem', names: [], renewal: 'restart' },
      ...{ serves: 'the APIs, to the balancers', tag: '', group: 'tls-backend' },
    });
  return uses;
}
