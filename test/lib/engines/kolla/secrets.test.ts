import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { inspectSecrets } from '../../../../lib/engines/kolla/secrets.ts';
import { secretFilesOf } from '../../../../lib/private-cloud/kolla/secret-files.ts';
import { makeCertificate } from '../../../certificates.ts';
import { cloudOf } from '../../private-cloud/kolla/layouts.ts';
import { writeSecrets } from './secrets-folder.ts';

const NOW = new Date('2026-11-28');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-secrets-'));
  writeFileSync(join(folder, 'passwords.yml'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function cloudWith(globals: NonNullable<Cloud['kolla']>['globals'], internal = true): Cloud {
  const cloud = cloudOf('converged');
  const vips = cloud.vips as NonNullable<Cloud['vips']>;
  const kolla = cloud.kolla as NonNullable<Cloud['kolla']>;
  return { ...cloud, vips: { ...vips, tls: { ...vips.tls, internal } }, kolla: { ...kolla, globals } };
}
const files = (cloud: Cloud) => secretFilesOf('cloud', cloud);
const paths = (cloud: Cloud) => files(cloud).map(({ path }) => path);
const faults = (cloud: Cloud) => inspectSecrets(folder, files(cloud), NOW).flatMap((each) => each.faults);
const put = (path: string, content: string) => writeFileSync(join(folder, path), content);

describe('the files that a deployment reads', () => {
  it('are certificates of both addresses and of the database where TLS is on inside', () => {
    expect(paths(cloudWith({})).filter((path) => path.startsWith('certificates/'))).toEqual([
      ...['certificates/haproxy.pem', 'certificates/haproxy-internal.pem'],
      ...['certificates/proxysql-cert.pem', 'certificates/proxysql-key.pem'],
    ]);
    expect(paths(cloudWith({}, false)).filter((path) => path.startsWith('certificates/'))).toEqual([
      'certificates/haproxy.pem',
    ]);
  });

  it('are what further variables ask for', () => {
    const more = paths(
      cloudWith({ rabbitmq_enable_tls: true, kolla_enable_tls_backend: 'yes', kolla_copy_ca_into_containers: true }),
    );
    for (const path of ['rabbitmq-cert.pem', 'rabbitmq-key.pem', 'backend-cert.pem', 'ca/'])
      expect(more).toContain(`certificates/${path}`);
    const amphora = { ...cloudWith({}), loadBalancer: { provider: 'amphora', monitor: true } as const };
    expect(paths(amphora)).toContain('config/octavia/client.cert-and-key.pem');
    expect(paths(cloudWith({ kolla_externally_managed_cert: true }))).not.toContain('certificates/haproxy.pem');
    expect(paths(cloudWith({ libvirt_tls: true }))).toContain('config/nova/nova-libvirt/serverkey.pem');
    expect(paths(cloudWith({ enable_ironic: true }))).toContain('config/ironic/ironic-agent.kernel');
  });

  it('are named as variables name clusters and users', () => {
    const named = paths(cloudWith({ ceph_cluster: 'rbd', ceph_nova_user: 'vms' }));
    expect(named).toContain('config/nova/rbd.client.vms.keyring');
    expect(named).toContain('config/glance/rbd.client.glance.keyring');
  });

  it('are none where Kolla-Ansible deploys nothing', () => {
    const { kolla: _, ...cloud } = cloudOf('starter');
    expect(secretFilesOf('cloud', cloud)).toEqual([]);
  });
});

describe('a folder of secrets', () => {
  it('has nothing wrong where everything is as it should be, and tells until when', () => {
    const cloud = cloudWith({ rabbitmq_enable_tls: true, kolla_copy_ca_into_containers: true });
    writeSecrets(folder, files(cloud));
    expect(faults(cloud)).toEqual([]);
    const until = inspectSecrets(folder, files(cloud), NOW).find(
      ({ file }) => file.path === 'certificates/haproxy.pem',
    );
    expect(until?.until?.toISOString()).toBe('2049-01-01T00:00:00.000Z');
  });

  it('fails for what is missing, by name', () => {
    expect(faults(cloudWith({}))).toContain('certificates/proxysql-cert.pem is missing');
  });

  it('fails for an expired certificate, one of another name, one whose key is another’s, and what is none', () => {
    const cloud = cloudWith({});
    writeSecrets(folder, files(cloud));
    const old = makeCertificate({ names: ['cloud.example.org'], until: new Date('2026-11-27') });
    put('certificates/haproxy.pem', old.certificate + old.key);
    const other = makeCertificate({ names: ['other.example.org'] });
    put('certificates/haproxy-internal.pem', other.certificate + other.key);
    put('certificates/proxysql-key.pem', other.key);
    put('config/glance/ceph.conf', 'nothing');
    expect(faults(cloud)).toEqual([
      'certificates/haproxy.pem expired on 2026-11-27',
      'certificates/haproxy-internal.pem does not carry the name internal.cloud.example.org',
      'certificates/proxysql-cert.pem and its private key do not belong together',
      'config/glance/ceph.conf has no line "mon_host = …"',
    ]);
    put('certificates/haproxy.pem', 'no certificate');
    put('certificates/proxysql-key.pem', 'no key');
    expect(faults(cloud)).toContain('certificates/haproxy.pem holds no certificate');
    expect(faults(cloud)).toContain('certificates/proxysql-cert.pem: its private key cannot be read');
    expect(faults(cloud)).toContain('certificates/proxysql-key.pem holds no private key that can be read');
  });

  it('takes the files of single hosts for the common one, each with its own key', () => {
    const cloud = cloudWith({ rabbitmq_enable_tls: true });
    writeSecrets(folder, files(cloud));
    mkdirSync(join(folder, 'certificates/control-a-1'));
    for (const kind of ['cert', 'key'])
      renameSync(
        join(folder, `certificates/rabbitmq-${kind}.pem`),
        join(folder, `certificates/control-a-1/rabbitmq-${kind}.pem`),
      );
    expect(faults(cloud)).toEqual([]);
    put('certificates/control-a-1/rabbitmq-key.pem', makeCertificate({ names: [] }).key);
    expect(faults(cloud)).toEqual([
      'certificates/control-a-1/rabbitmq-cert.pem and its private key do not belong together',
    ]);
  });

  it('does not look into what Ansible Vault encrypted', () => {
    const cloud = cloudWith({});
    writeSecrets(folder, files(cloud));
    put('config/nova/ceph.client.cinder.keyring', '$ANSIBLE_VAULT;1.1;AES256\n31\n');
    expect(faults(cloud)).toEqual([]);
    expect(readFileSync(join(folder, 'passwords.yml'), 'utf8')).toBe('');
  });
});
