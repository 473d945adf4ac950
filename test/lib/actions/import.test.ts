import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notedImports } from '../../../lib/engines/import-note.ts';
import { StackId } from '../../../lib/stack/id.ts';
import { copyData } from '../../stacks/copy-project.ts';
import { tandemInProcess } from '../cli/in-process.ts';

const instance = (type: string, name: string, attributes: object) => ({
  ...{ mode: 'managed', type, name },
  instances: [{ attributes }],
});
const FLAVOR = 'openstack_compute_flavor_v2';
const STATE = {
  version: 4,
  resources: [
    instance('openstack_networking_network_v2', 'ext', { id: 'n-1', name: 'public' }),
    instance(FLAVOR, 'f', { id: 'f-1', name: 'small', vcpus: 2, ram: 2048, disk: 20 }),
    instance('openstack_networking_subnetpool_v2', 'p', { id: 'p-1', name: 'dev', default_prefixlen: 20 }),
    instance(FLAVOR, 'g', { id: 'f-9', name: 'tiny', vcpus: 1, ram: 512, disk: 1 }),
  ],
};

describe('tandem import', () => {
  const root = copyData();
  const elsewhere = mkdtempSync(join(tmpdir(), 'tandem-existing-'));
  const stack = StackId.parse('openstack/paris/base');
  const state = join(elsewhere, 'terraform.tfstate');
  beforeAll(() => {
    writeFileSync(state, JSON.stringify(STATE));
  });
  afterAll(() => {
    for (const folder of [root, elsewhere]) rmSync(folder, { recursive: true, force: true });
  });
  const run = (...args: string[]) => tandemInProcess(root, ['import', ...args]);

  test('tells what becomes what, and with --dry-run notes nothing', async () => {
    const { code, stdout } = await run(stack, state, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'imported (2):\n  openstack_networking_network_v2.network-public <- n-1 (openstack_networking_network_v2.ext)\n',
    );
    expect(stdout).toContain(
      'changed by the first plan (1):\n  openstack_networking_subnetpool_v2.tenants_dev: default_prefixlen\n',
    );
    expect(stdout).toContain('--allow-replace alone (1):\n  openstack_compute_flavor_v2.flavor-small <- f-1: vcpus\n');
    expect(stdout).toContain('left alone (1):\n  openstack_compute_flavor_v2.g\n\nnothing is noted\n');
    expect(notedImports(root, stack)).toEqual([]);
  });

  test('notes it for the next plan', async () => {
    const { code, stdout } = await run(stack, state, '--json');
    expect(code).toBe(0);
    const { note } = JSON.parse(stdout) as { note: string };
    expect(existsSync(join(root, note))).toBe(true);
    expect(notedImports(root, stack).map(({ id }) => id)).toEqual(['n-1', 'p-1']);
    await run(stack, state, '--allow-replace');
    expect(notedImports(root, stack).map(({ id }) => id)).toEqual(['f-1', 'n-1', 'p-1']);
  });

  test('fails for a note that was damaged, which says what to do', () => {
    writeFileSync(join(root, '.tandem/imports/openstack-paris-base.json'), '{"format":"tandem.imports/1"}');
    expect(() => notedImports(root, stack)).toThrow(
      expect.objectContaining({
        code: 'import-note-broken',
        next: expect.stringContaining('remove it') as string,
      }) as Error,
    );
  });

  test('fails for what is no state, no file, a folder, and for a private cloud itself', async () => {
    for (const file of [join(root, 'package.json'), join(root, 'absent'), root]) {
      const { code, stderr } = await run(stack, file);
      expect([code, stderr]).toEqual([1, expect.stringContaining('existing-unreadable')]);
    }
    expect((await run('kolla/paris', state)).stderr).toContain('not-imported');
  });
});
