import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { cloudOf } from '../kolla/layouts.ts';

export interface Made {
  readonly certificate: string;
  readonly key: string;
}

export interface Wanted {
  readonly names?: readonly string[];
  readonly days?: number;
  /** Who signs it. @default itself */
  readonly by?: Made;
  readonly isAuthority?: boolean;
}

let made = 0;

/** Certificates as an authority makes them, by OpenSSL. */
export function makeCertificate(folder: string, name: string, wanted: Wanted = {}): Made {
  const { names = [], days = 365, by, isAuthority = false } = wanted;
  made += 1;
  const at = join(folder, `made-${made}`);
  mkdirSync(at, { recursive: true });
  const path = (file: string): string => join(at, file);
  const alternatives = names.map((each) => (/^[\d.]+$/.test(each) ? `IP:${each}` : `DNS:${each}`)).join(',');
  const extensions = [
    `basicConstraints=critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
    ...(alternatives === '' ? [] : [`subjectAltName=${alternatives}`]),
  ];
  const signer = by === undefined ? [] : ['-CA', path('ca.pem'), '-CAkey', path('ca.key')];
  if (by !== undefined) {
    writeFileSync(path('ca.pem'), by.certificate);
    writeFileSync(path('ca.key'), by.key);
  }
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${name}`,
  ];
  execFileSync(
    'openssl',
    [
      ...[...args, '-days', String(days), '-keyout', path('key.pem'), '-out', path('cert.pem')],
      ...extensions.flatMap((each) => ['-addext', each]),
      ...signer,
    ],
    { stdio: 'pipe' },
  );
  return { certificate: readFileSync(path('cert.pem'), 'utf8'), key: readFileSync(path('key.pem'), 'utf8') };
}

/** A cloud of three controllers with TLS on its internal VIP. */
export function withTls(): Cloud {
  const cloud = cloudOf('converged');
  const { vips } = cloud;
  return vips === undefined ? cloud : { ...cloud, vips: { ...vips, tls: { ...vips.tls, internal: true } } };
}
