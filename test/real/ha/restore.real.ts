/** A restore and a rotation on three controllers under load: the plans of `cloud restore` and `cloud certificates` by their own executors. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { HA_CLOUD_FILE, openDrillTarget, openHaPorts } from '../../../lab/ha/index.ts';
import { runRestoreDrill } from '../../../lib/cloud-operations/drill/run-restore.ts';
import { cloudSchema } from '../../../lib/config/schema/cloud.ts';
import { hostUnreachable } from '../../../lib/engines/kolla/errors.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';
import { makeCertificate } from '../../lib/private-cloud/certificates/make-certificates.ts';
import { directory, drilledLab, say } from './drilled-lab.ts';
import { runRotationDrill } from './run-rotation.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-restore-'));
const cloud = cloudSchema.parse(parse(readFileSync(HA_CLOUD_FILE, 'utf8')));
const { signal } = new AbortController();
const lab = { directory, timers: SHIPPED_TIMERS, unreachable: hostUnreachable };

drilledLab();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a deleted database comes back from a full and an incremental backup, and every lease of its time can be managed', async () => {
  const { keep, ...ports } = await openHaPorts(lab);
  const outcome = await runRestoreDrill({
    ...{ cloud, ports, stage: keep, signal, say, run: 'restore', folder: join(folder, 'restore') },
    target: await openDrillTarget({ directory }),
  });
  say(JSON.stringify(outcome));
  expect(outcome.faults).toEqual([]);
  expect(outcome.rows.acknowledged).toBeGreaterThan(20);
  // What the backup cannot have is gone: else nothing was deleted.
  expect(outcome.rowsSince).toBeGreaterThan(0);
  expect(outcome.leases).toEqual({ made: 3, lost: 0 });
});

it('a certificate is rotated on every balancer without a failed request', async () => {
  const secrets = join(folder, 'secrets');
  const authority = makeCertificate(folder, 'authority', { isAuthority: true, days: 100 });
  const bundle = (days: number): string => {
    const { certificate, key } = makeCertificate(folder, 'api', { names: ['drill.example.org'], days, by: authority });
    return certificate + key;
  };
  const old = bundle(20);
  for (const [path, content] of [
    ['certificates/haproxy-internal.pem', old],
    ['new/certificates/haproxy-internal.pem', bundle(90)],
    ['certificates/ca/root.crt', authority.certificate],
  ] as const) {
    mkdirSync(join(secrets, path, '..'), { recursive: true });
    writeFileSync(join(secrets, path), content);
  }
  const { keep, ...ports } = await openHaPorts({ ...lab, secretsFolder: secrets });
  await keep.openFront(old);
  const outcome = await runRotationDrill({
    ...{ cloud, secrets, signal, say, run: 'rotation', folder: join(folder, 'rotation') },
    ports: { ...ports, probe: keep },
    target: await openDrillTarget({ directory }),
    startTls: async () => await keep.startTls('drill.example.org', authority.certificate),
  });
  say(JSON.stringify(outcome));
  expect(outcome.faults).toEqual([]);
  expect(outcome.tls.requests).toBeGreaterThan(20);
});
