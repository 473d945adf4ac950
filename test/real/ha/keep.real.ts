/**
 * What plans of restores and rotations run in containers, on real programs: MariaDB with its backup tools, and HAProxy under load. One
 * program each, in a throw-away copy of the lab's packages; the three controllers are not needed.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { haDown, haUp, runSingle } from '../../../lab/ha/index.ts';
import { newestOf, readVersion, readVolume } from '../../../lib/private-cloud/backup/commands.ts';
import type { BackupManifest } from '../../../lib/private-cloud/backup/manifest.ts';
import { planRestore } from '../../../lib/private-cloud/backup/restore.ts';
import { planRotation } from '../../../lib/private-cloud/certificates/rotate.ts';
import { certificateUses } from '../../../lib/private-cloud/certificates/uses.ts';
import { SHIPPED_TIMERS } from '../../../lib/private-cloud/topology/timers.ts';
import { makeCertificate, withTls } from '../../lib/private-cloud/certificates/make-certificates.ts';

const directory = process.env['TANDEM_HA_DIRECTORY'] ?? '/var/lib/tandem-lab-ha-test';
const folder = mkdtempSync(join(tmpdir(), 'tandem-keep-'));

beforeAll(async () => {
  if (existsSync(join(directory, 'root.json'))) return;
  await haUp({ directory, timers: SHIPPED_TIMERS });
  await haDown({ directory, keepPackages: true });
}, 1_800_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('brings back the rows of a full and an incremental backup, by the scripts of the plan', async () => {
  const backup = (kind: BackupManifest['kind']) => ({ id: kind, kind }) as BackupManifest;
  const chain = [backup('full'), backup('incremental')];
  const steps = planRestore({ chain, members: ['one'], engine: 'docker', image: 'image', volume: '/backup' });
  const [prepare = '', copyBack = ''] = steps.flatMap(({ actions }) =>
    actions.flatMap((each) =>
      each.kind === 'command' && each.command.argv.includes('-c') ? [each.command.argv.at(-1) ?? ''] : [],
    ),
  );
  const given = { prepare, 'copy-back': copyBack };
  const said = await runSingle({ directory, folder: join(folder, 'restore'), script: 'restore', given });
  expect(said).toMatch(/^rows 1,2,3,4,5$/m);
  expect(readVersion(said)).toMatch(/^10\.11\./);
  const files = readVolume(said);
  expect(newestOf(files, 'full', new Set())?.path).toMatch(/^full-.*\/backup-full-.*\.mbs\.gz$/);
  expect(newestOf(files, 'incremental', new Set())?.path).toMatch(/^incr-.*\/backup-incremental-.*\.mbs\.gz$/);
}, 400_000);

it('changes the certificate of HAProxy under load without a failed request, by the commands of the plan', async () => {
  const authority = makeCertificate(folder, 'authority', { isAuthority: true, days: 100 });
  const bundle = (days: number): string => {
    const { certificate, key } = makeCertificate(folder, 'api', { names: ['api.example.org'], days, by: authority });
    return certificate + key;
  };
  const uses = certificateUses('cloud', withTls()).filter(({ name }) => name === 'haproxy-internal');
  const steps = planRotation({ uses, hostsOf: () => ['one'], holder: 'one', engine: 'docker' });
  const commands = steps.flatMap(({ actions }) =>
    actions.flatMap((each) => (each.kind === 'command' ? [each.command.argv] : [])),
  );
  expect(commands.at(-1)).toEqual(['docker', 'kill', '--signal', 'USR2', 'haproxy']);
  const check = commands.find(([program]) => program === 'haproxy') ?? [];
  const said = await runSingle({
    ...{ directory, folder: join(folder, 'rotate'), script: 'rotate' },
    given: {
      ...{ 'old.pem': bundle(20), 'new.pem': bundle(90), 'authority.pem': authority.certificate },
      ...{ name: 'api.example.org', check: check.join(' ') },
    },
  });
  const seen = JSON.parse(said.trim().split('\n').at(-1) ?? '') as {
    readonly requests: number;
    readonly failed: number;
    readonly faults: readonly string[];
    readonly met: readonly unknown[];
  };
  expect(seen.faults).toEqual([]);
  expect(seen).toMatchObject({ failed: 0, met: [expect.anything(), expect.anything()] });
  expect(seen.requests).toBeGreaterThan(20);
}, 400_000);
