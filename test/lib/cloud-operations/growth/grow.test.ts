import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executeGrow, type GrowPorts, planGrow } from '../../../../lib/cloud-operations/growth/grow.ts';
import type { Entity } from '../../../../lib/config/project.ts';
import type { Cloud } from '../../../../lib/config/schema/cloud.ts';
import { memoryGit } from '../../../../lib/git/memory-git.ts';
import { inLayout } from '../../../../lib/private-cloud/growth/layouts.ts';
import { renderTree } from '../../../../lib/private-cloud/kolla/render.ts';
import { secretFilesOf } from '../../../../lib/private-cloud/kolla/secret-files.ts';
import { localLineage } from '../../../../lib/state/lineage.ts';
import { localJournal } from '../../../../lib/state/local-journal.ts';
import { localLocks } from '../../../../lib/state/local-locks.ts';
import { localRecords } from '../../../../lib/state/local-records.ts';
import { localVersions } from '../../../../lib/state/raw-versions.ts';
import { clearSealer } from '../../../../lib/state/sealer.ts';
import { sealedVersions } from '../../../../lib/state/versions.ts';
import { writeSecrets } from '../../engines/kolla/secrets-folder.ts';
import { cloudOf } from '../../private-cloud/kolla/layouts.ts';
import { memoryStates } from '../../state/memory-states.ts';

let root: string;
let environment: Record<string, string>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-grow-'));
  mkdirSync(join(root, 'bin'));
  writeSecrets(join(root, 'secrets'), secretFilesOf('cloud', value));
  writeFileSync(join(root, 'secrets/passwords.yml'), '');
  writeFileSync(join(root, 'bin/ansible'), '#!/bin/sh\necho "ansible $*" >>"$FAKE_KOLLA_LOG"\n');
  chmodSync(join(root, 'bin/ansible'), 0o755);
  environment = {
    PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
    TANDEM_KOLLA_ANSIBLE: join(import.meta.dirname, '../../engines/kolla/fake-kolla-ansible'),
    TANDEM_CHILD_ENVIRONMENT: 'FAKE_*',
    FAKE_KOLLA_LOG: join(root, 'calls'),
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Only the queue has hosts of its own: few steps. */
const value: Cloud = {
  ...cloudOf('converged'),
  layout: 'separated',
  hosts: {
    ...cloudOf('converged').hosts,
    ...Object.fromEntries(Object.entries(cloudOf('separated').hosts).filter(([name]) => name.startsWith('queue-'))),
  },
};
const cloud = { kind: 'cloud', name: 'cloud', file: 'config/clouds/cloud.yaml', value } as Entity<Cloud>;

function ports(onStep: GrowPorts['onStep']): GrowPorts {
  const unused = () => Promise.reject(new Error('not used'));
  return {
    ...{ root, environment, onStep, secrets: join(root, 'secrets'), engines: {}, commit: '', git: memoryGit() },
    records: localRecords(root),
    journal: localJournal(root),
    locks: localLocks(root),
    lineage: localLineage(root),
    states: memoryStates(),
    versions: sealedVersions(localVersions(root), clearSealer),
    durations: { note: () => undefined, median: () => undefined, save: () => undefined },
    synthesize: unused,
    actor: { by: 'me@here', host: 'here' },
    now: () => new Date('2026-01-01T00:00:00Z'),
    close: () => Promise.resolve(),
    check: async () => ({ code: 0, said: '' }),
    sleep: () => Promise.resolve(),
  };
}

const options = { signal: new AbortController().signal, emit: () => undefined };

async function grow(done: string[] = []): Promise<void> {
  const own = ports((key, phase) => {
    if (phase === 'done') done.push(key);
  });
  await executeGrow(own, await planGrow(own, cloud, 'converged'), options);
}

describe('growing', { timeout: 60_000 }, () => {
  it('runs every command of every step, in order, and records the new placement', async () => {
    const own = ports(() => undefined);
    const { steps } = await planGrow(own, cloud, 'converged');
    await grow();
    const calls = readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');
    const commands = steps.flatMap((step) => step.commands);
    expect(calls).toHaveLength(commands.length);
    for (const [index, { args }] of commands.entries()) expect(calls[index]).toContain(args.slice(1).join(' '));
    const record = await own.records.read('kolla/cloud');
    const files = JSON.parse(record?.artefact ?? '{}') as Record<string, string>;
    const wanted = renderTree('cloud', inLayout(cloud.value, 'converged')).files;
    expect(files['inventory/multinode']).toBe(wanted['inventory/multinode']);
    expect((await planGrow(own, cloud, 'converged')).steps).toEqual([]);
  });

  it('goes on behind the steps that were done before an interruption, and does the broken one again', async () => {
    environment['FAKE_KOLLA_FAIL'] = 'stop --configdir.*rabbitmq.*queue-b-1';
    const before: string[] = [];
    await expect(grow(before)).rejects.toMatchObject({
      code: 'grow-step-failed',
      details: { step: expect.stringContaining('remove queue-b-1') as string },
    });
    expect(before.length).toBeGreaterThan(3);
    expect(await ports(() => undefined).records.read('kolla/cloud')).toBeUndefined();
    delete environment['FAKE_KOLLA_FAIL'];
    const after: string[] = [];
    await grow(after);
    expect(after[0]).toContain('remove queue-b-1 from rabbitmq');
    expect(after.filter((key) => before.includes(key))).toEqual([]);
    expect(await ports(() => undefined).journal.open()).toEqual([]);
  });

  it('fails to become a starter, to have too few members, and to forget a host that carries services', async () => {
    const own = ports(() => undefined);
    await expect(planGrow(own, cloud, 'starter')).rejects.toMatchObject({ code: 'grow-impossible' });
    const { 'control-c': _, ...hosts } = cloud.value.hosts;
    const less = { ...cloud, value: { ...cloud.value, hosts } } as Entity<Cloud>;
    await expect(planGrow(own, less, 'converged')).rejects.toThrow('a majority that survives the loss of one needs 3');
    const converged = JSON.stringify(renderTree('cloud', inLayout(value, 'converged')).files);
    await own.records.write({
      ...{
        format: 'tandem.record/1',
        stack: 'kolla/cloud',
        engine: 'kolla',
        digest: '',
        artefact: converged,
        commit: '',
      },
      ...{ files: [], at: '2026-01-01T00:00:00Z', by: 'me' },
    });
    const { 'control-a': _gone, ...others } = cloud.value.hosts;
    const renamed = { ...others, 'control-x': cloud.value.hosts['control-a'] };
    const gone = { ...cloud, value: { ...cloud.value, hosts: renamed } } as Entity<Cloud>;
    await expect(planGrow(own, gone, 'separated')).rejects.toThrow('control-a-1 carries services');
  });
});
