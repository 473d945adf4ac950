import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateFolder } from '../../../../lib/cloud-operations/certificates/folder.ts';
import { listCertificates } from '../../../../lib/cloud-operations/certificates/look.ts';
import { lookRotation, type RotationPorts, runRotation } from '../../../../lib/cloud-operations/certificates/rotate.ts';
import { readPem } from '../../../../lib/private-cloud/certificates/pem.ts';
import { certificateUses } from '../../../../lib/private-cloud/certificates/uses.ts';
import { inventoryGroups } from '../../../../lib/private-cloud/kolla/inventory.ts';
import type { CloudHosts, HostCommand, KollaPlays } from '../../../../lib/private-cloud/members/ports.ts';
import { topologyOf } from '../../../../lib/private-cloud/topology/topology.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { makeCertificate, withTls } from '../../private-cloud/certificates/make-certificates.ts';

const signal = new AbortController().signal;
const value = withTls();
const uses = certificateUses('cloud', value);
const vip = value.vips?.internal.address ?? '';
const fqdn = value.vips?.internal.fqdn ?? '';

let root: string;
let folder: CertificateFolder;
let done: string[];
let fails: string | undefined;
/** What the holder's HAProxy shows: what was in the file when it was told to start a new worker. */
let shown: string | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-rotate-'));
  done = [];
  fails = undefined;
  folder = new CertificateFolder(join(root, 'secrets'));
  const authority = makeCertificate(root, 'authority', { isAuthority: true, days: 1000 });
  for (const at of [join(folder.own, 'certificates/ca'), join(folder.fresh, 'certificates')])
    mkdirSync(at, { recursive: true });
  writeFileSync(join(folder.own, 'certificates/ca/root.crt'), authority.certificate);
  for (const [at, days] of [
    [folder.own, 20],
    [folder.fresh, 300],
  ] as const) {
    const { certificate, key } = makeCertificate(root, 'api', { names: [fqdn], days, by: authority });
    writeFileSync(join(at, FILE), certificate + key);
  }
  shown = fingerprintIn(folder.own);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function fingerprintIn(at: string): string | undefined {
  return readPem(readFileSync(join(at, FILE), 'utf8')).certificates[0]?.fingerprint256;
}

const FILE = 'certificates/haproxy-internal.pem';
const HOLDER = 'control-b-1';

function note(call: string): boolean {
  done.push(call);
  if (fails === undefined || !call.includes(fails)) return false;
  fails = undefined;
  return true;
}

const hosts: CloudHosts = {
  async run({ host, argv }: HostCommand) {
    if (argv[0] === 'ip') {
      const own = host === HOLDER ? [{ local: vip }] : [];
      return { code: 0, stdout: JSON.stringify([{ addr_info: own }]), stderr: '' };
    }
    const isBroken = note(`${host} ${argv.join(' ')}`);
    if (argv.includes('USR2') && host === HOLDER) shown = fingerprintIn(folder.own);
    return { code: isBroken ? 1 : 0, stdout: '', stderr: '' };
  },
};
const plays: KollaPlays = {
  run: ({ verb, limit }) =>
    Promise.resolve(
      note(`${verb} ${limit.join(',')}`)
        ? { code: 2, faults: [{ host: limit[0] ?? '', task: 'Copying over haproxy-internal.pem' }], log: '/log' }
        : { code: 0, faults: [], log: '/log' },
    ),
};

function ports(): RotationPorts {
  return {
    ...{ hosts, plays, folder, commit: '', onStep: () => undefined, sleep: () => Promise.resolve() },
    probe: { fingerprint: () => Promise.resolve(shown) },
    ...{
      journal: localJournal(root),
      locks: localLocks(root),
      actor: { by: 'me', host: 'here' },
      now: () => new Date(),
    },
  };
}

const cloud = {
  ...({ kind: 'cloud', name: 'cloud', file: 'config/clouds/cloud.yaml' } as const),
  value: { ...value, kolla: { containerEngine: 'docker' } },
} as unknown as Parameters<typeof runRotation>[1]['cloud'];
const inventory = inventoryGroups(topologyOf('cloud', value), false);

const look = (names = ['haproxy-internal']) =>
  lookRotation(hosts, folder, { cloud, inventory, uses, names, from: folder.fresh, now: new Date() }, signal);
const rotate = async () => await runRotation(ports(), await look(), { signal, emit: () => undefined });

describe('a rotation', () => {
  it('ends with a client that meets the new certificate, the holder of the VIP last, the old file kept', async () => {
    const [old, fresh] = [fingerprintIn(folder.own), fingerprintIn(folder.fresh)];
    await rotate();
    expect(shown).toBe(fresh);
    const signalled = done.filter((call) => call.includes('USR2')).map((call) => call.split(' ')[0]);
    expect(signalled).toEqual(['control-a-1', 'control-c-1', HOLDER]);
    const kept = join(root, 'secrets/previous');
    expect(fingerprintIn(join(kept, readdirSync(kept)[0] ?? ''))).toBe(old);
    const listed = listCertificates(folder, uses, new Date(), 30).find(({ name }) => name === 'haproxy-internal');
    expect(listed).toMatchObject({ name: 'haproxy-internal', state: 'good', fingerprint: fresh });
  });

  it('stops where a balancer finds its configuration broken, and goes on there', async () => {
    fails = 'control-c-1 haproxy -c';
    await expect(rotate()).rejects.toMatchObject({
      code: 'rotation-failed',
      details: { step: 'loadbalancer reload control-c-1' },
    });
    expect(done.some((call) => call.startsWith(HOLDER))).toBe(false);
    const before = done.length;
    await rotate();
    expect(done.slice(before).some((call) => call.includes('control-a-1'))).toBe(false);
    expect(shown).toBe(fingerprintIn(folder.fresh));
    expect(await ports().journal.open()).toEqual([]);
  });

  it('fails where Kolla fails, and where clients still meet the old one', async () => {
    fails = 'genconfig control-a-1';
    await expect(rotate()).rejects.toThrow('"Copying over haproxy-internal.pem" failed on control-a-1');
    const own = { ...ports(), probe: { fingerprint: () => Promise.resolve('other') } };
    await expect(runRotation(own, await look(), { signal, emit: () => undefined })).rejects.toThrow(
      'still shows another certificate',
    );
  });

  it('fails for a certificate that is not there, or of an authority that nobody trusts yet', async () => {
    await expect(look(['nonsense'])).rejects.toMatchObject({ code: 'no-such-certificate' });
    await expect(look(['proxysql'])).rejects.toThrow(
      'certificates/proxysql-cert.pem or certificates/proxysql-key.pem is missing',
    );
    const { certificate, key } = makeCertificate(root, 'api', { names: [fqdn], days: 300 });
    writeFileSync(join(folder.fresh, FILE), certificate + key);
    await expect(look()).rejects.toMatchObject({ code: 'certificate-unfit' });
    expect(done).toEqual([]);
  });
});
