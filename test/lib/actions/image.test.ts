import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CODE_ROOT } from '../../../lib/synthesis/code.ts';
import { tandemInProcess } from '../cli/in-process.ts';
import { CACHES } from '../images/caches.ts';

/** Notes what it is called with; `validate` fails where the variable says so. */
const PACKER = `#!/bin/sh
printf '%s\\n' "$*" >>"$PWD/../calls"
env | grep -E '^(OS_|AWS_|TANDEM_)' | sort >"$PWD/../environment"
if [ "$1" = validate ] && [ -n "$FAKE_INVALID" ]; then echo "Error: $FAKE_INVALID" >&2; exit 1; fi
if [ "$1" = build ]; then
  echo '{"builds": [{"builder_type": "openstack", "artifact_id": "id-of-the-image"}]}' >manifest.json
fi
`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tandem-image-'));
  cpSync(join(CODE_ROOT, 'config'), join(root, 'config'), { recursive: true });
  writeFileSync(join(root, 'config/blueprints/caches.yaml'), CACHES);
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/packer'), PACKER);
  chmodSync(join(root, 'bin/packer'), 0o755);
  vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-for-openstack');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const image = async (...args: string[]) => tandemInProcess(root, ['image', ...args, '--cloud', 'lab']);
const read = (path: string) => readFileSync(join(root, '.tandem/images', path), 'utf8');

describe('image build', () => {
  it('writes and builds nothing with --write-only', async () => {
    const { code, stdout } = await image('build', 'caches', '--write-only');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^caches-cache-[0-9a-f]{12}: written to .tandem\/images\/caches-cache\n/);
    expect(read('caches-queue/install.sh')).toContain('rabbitmq-server');
    expect(() => read('calls')).toThrow('ENOENT');
  });

  it('lets Packer check every image before it builds the first, and tells the ids', async () => {
    const { code, stdout } = await image('build', 'caches', '--yes', '--var', 'network=abc');
    expect(code).toBe(0);
    expect(read('calls').trim().split('\n')).toEqual([
      ...Array.from({ length: 2 }, () => 'validate -only=openstack.image -var=network=abc image.pkr.hcl'),
      ...Array.from({ length: 2 }, () => 'build -color=false -only=openstack.image -var=network=abc image.pkr.hcl'),
    ]);
    expect(stdout).toMatch(/^caches-queue-[0-9a-f]{12}: openstack id-of-the-image$/m);
  });

  it("has the cloud's credentials, and those of AWS only for its own builder", async () => {
    await image('build', 'caches', '--tier', 'cache', '--yes');
    expect(read('environment')).toBe('OS_CLIENT_CONFIG_FILE=/var/lib/tandem-lab/clouds.yaml\n');
    await image('build', 'caches', '--tier', 'cache', '--yes', '--builder', 'amazon-ebs');
    expect(read('environment')).toContain('AWS_SECRET_ACCESS_KEY=not-for-openstack');
  });

  it('fails with what Packer says, and builds nothing', async () => {
    vi.stubEnv('FAKE_INVALID', 'Did you mean "flavor"?');
    const { code, stderr } = await image('build', 'caches', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "flavor"?');
    expect(read('calls')).not.toContain('build');
  });

  it('fails where nobody says yes, after the check', async () => {
    const { code } = await image('build', 'caches');
    expect(code).toBe(1);
    expect(read('calls')).not.toContain('build -color');
  });

  it('fails for a tier that runs nothing, and names those that do', async () => {
    const { code, stderr } = await image('build', 'caches', '--tier', 'bastion', '--write-only');
    expect(code).toBe(1);
    expect(stderr).toContain('name one of: cache, queue');
  });
});

describe('image vagrant', () => {
  it('prints a Vagrantfile, or writes it', async () => {
    const { stdout } = await image('vagrant', 'caches');
    expect(stdout).toContain('Vagrant.configure("2")');
    const file = join(root, 'Vagrantfile');
    expect((await image('vagrant', 'caches', '--out', file)).stdout).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });
});
