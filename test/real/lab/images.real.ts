import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../../lab/openstack/index.ts';
import { aptInstall, installedRoot, whyNoForming } from '../../../lab/servers/roots.ts';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../../lib/cli/in-process.ts';
import { CACHES } from '../../lib/images/caches.ts';
import { healthyLab } from '../support/lab.ts';

const reason = whyNoForming();

/** Packer of Debian 12 logs in at Keystone while it validates. */
describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('image build, on a real OpenStack', () => {
  let lab: Lab;
  let root: string;

  beforeAll(async () => {
    lab = await healthyLab();
    root = mkdtempSync(join(tmpdir(), 'tandem-image-'));
    cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
    writeFileSync(join(root, 'config/blueprints/caches.yaml'), CACHES);
    const [layer = ''] = (await installedRoot(aptInstall('packer'))).split(':');
    mkdirSync(join(root, 'bin'));
    symlinkSync(join(layer, 'usr/bin/packer'), join(root, 'bin/packer'));
    vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });

  const build = async () => tandemInProcess(root, ['image', 'build', 'caches', '--tier', 'cache', '--cloud', 'lab']);

  it('is accepted by Packer, and asks before it makes a server', async () => {
    const { code, stderr } = await build();
    expect(stderr).not.toContain('packer-failed');
    // Nobody is there to say yes.
    expect(stderr).toContain('no-terminal');
    expect(code).toBe(1);
    expect(readFileSync(join(root, '.tandem/images/caches-cache/validate.log'), 'utf8').trim()).toBe('');
  });

  it('fails where Keystone refuses the credentials', async () => {
    const clientConfig = lab.environment['OS_CLIENT_CONFIG_FILE'] ?? '/var/lib/tandem-lab/clouds.yaml';
    const wrong = join(root, 'config/wrong-clouds.txt');
    writeFileSync(wrong, readFileSync(clientConfig, 'utf8').replace(/password: .*/, 'password: wrong'), {
      mode: 0o600,
    });
    const cloud = join(root, 'config/clouds/lab.yaml');
    writeFileSync(
      cloud,
      readFileSync(cloud, 'utf8').replace(/clientConfig: .*/, 'clientConfig: config/wrong-clouds.txt'),
    );
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr).toContain('packer-failed');
    expect(stderr).toContain('Authentication failed');
  });
});
