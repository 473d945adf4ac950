import type { Cloud } from '../../config/schema/cloud.ts';
import { type SecretFile, secretFilesOf } from '../kolla/secret-files.ts';

/** How a service takes a new certificate. */
export type Renewal =
  /** A new worker beside the old one, which finishes its requests: no request fails. */
  | 'reload'
  /** Read again for new connections; open ones go on. */
  | 'reread'
  /** Restarted, host after host. */
  | 'restart'
  /** Not rotated alone: an authority is trusted before anybody shows what it signed, by a deploy. */
  | 'deploy';

/** A certificate of a cloud: where its files are, and who shows it to whom. */
export interface CertificateUse {
  /** `haproxy-internal`: what `--rotate` takes. */
  readonly name: string;
  /** Below the folder of the secrets: `certificates/haproxy-internal.pem`. */
  readonly file: string;
  /** File of its private key, where that is another one. */
  readonly keyFile?: string;
  readonly needsKey: boolean;
  readonly serves: string;
  /** What clients ask for. */
  readonly names: readonly string[];
  readonly renewal: Renewal;
  /** Kolla's tag that brings it to hosts, and the group of those. Empty: all. */
  readonly tag: string;
  readonly group: string;
  /** Where a client meets it. @default - it is not asked */
  readonly endpoint?: { readonly address: string; readonly port: number; readonly serverName: string };
}

type Way = Pick<CertificateUse, 'renewal' | 'tag' | 'group'>;

/** Keystone's port, on which every cloud answers. */
const KEYSTONE = 5000;

/** Who reads a file, by the beginning of its path; what is not here is read by every service. */
const WAYS: readonly (readonly [path: RegExp, way: Way])[] = [
  [/^certificates\/haproxy/, { renewal: 'reload', tag: 'loadbalancer', group: 'loadbalancer' }],
  [/^certificates\/proxysql/, { renewal: 'restart', tag: 'loadbalancer', group: 'loadbalancer' }],
  [/^certificates\/rabbitmq/, { renewal: 'reread', tag: 'rabbitmq', group: 'rabbitmq' }],
  [/^config\/octavia\//, { renewal: 'restart', tag: 'octavia', group: 'octavia' }],
  [/^config\/nova\//, { renewal: 'restart', tag: 'nova', group: 'compute' }],
];
const ALL: Way = { renewal: 'restart', tag: '', group: 'tls-backend' };

/**
 * The certificates that a cloud's settings ask for, authorities with them. Folders of authorities and certificates of one host alone are
 * left to whoever put them there. Pure.
 */
export function certificateUses(name: string, cloud: Cloud): CertificateUse[] {
  return secretFilesOf(name, cloud).flatMap((file) => useOf(file, cloud) ?? []);
}

function useOf(file: SecretFile, { vips }: Cloud): CertificateUse | undefined {
  const { path, kind, key } = file;
  if (path.endsWith('/') || !['certificate', 'certificate-and-key', 'authorities'].includes(kind)) return undefined;
  const isAuthority = kind === 'authorities';
  const base = path.split('/').at(-1) ?? path;
  const way = WAYS.find(([pattern]) => pattern.test(path))?.[1] ?? ALL;
  const vip = base === 'haproxy.pem' ? vips?.external : base === 'haproxy-internal.pem' ? vips?.internal : undefined;
  const carried = vips?.tls.certificates[base === 'haproxy.pem' ? 'external' : 'internal']?.names ?? [];
  return {
    ...way,
    ...(isAuthority ? { renewal: 'deploy' as const } : {}),
    name: base.replace(/(?:[-.](?:cert|cert-and-key))?\.pem$/, ''),
    file: path,
    ...(key === undefined ? {} : { keyFile: key }),
    needsKey: !isAuthority,
    serves: file.reader,
    names: [...new Set([...(file.names ?? []), ...(vip === undefined ? [] : carried)])],
    ...(vip === undefined ? {} : { endpoint: { address: vip.address, port: KEYSTONE, serverName: vip.fqdn } }),
  };
}
