import { beforeAll, describe, expect, it } from 'vitest';
import { aptInstall, baseRoot, inRoot, installedRoot, whyNoForming } from '../../../lab/servers/roots.ts';
import { imagesOf } from '../../../lib/images/image.ts';
import { packerFiles } from '../../../lib/images/packer.ts';
import { vagrantfile } from '../../../lib/images/vagrant.ts';
import { caches } from '../../lib/images/caches.ts';

const reason = whyNoForming();
if (reason !== undefined) process.stderr.write(`No image is made: ${reason}\n`);

const { project, blueprint, cloud } = caches();
const images = imagesOf(project, blueprint, cloud);

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('the script of an image', () => {
  it.each(images.map((image) => [image.name, image] as const))('%s installs what it says', async (_, image) => {
    const packages = { 'caches-cache': 'memcached', 'caches-queue': 'rabbitmq-server' }[image.name] ?? '';
    const root = await installedRoot(image.script);
    expect((await inRoot(await baseRoot(), ['dpkg', '--status', packages])).code).toBe(1);
    expect((await inRoot(root, ['dpkg', '--status', packages])).stdout).toContain('Status: install ok installed');
    // Without settings it would serve with Debian's own at the first boot.
    const enabled = await inRoot(root, ['systemctl', 'is-enabled', `${packages}.service`]);
    expect(enabled.stdout).toBe('disabled\n');
  });

  it.each(images.map((image) => [image.name, image] as const))(
    '%s leaves nothing to do when it runs again, without a network',
    async (_, image) => {
      const root = await installedRoot(image.script);
      const files = packerFiles(image, cloud, { region: 'eu-central-1' });
      const again = await inRoot(root, ['unshare', '--net', 'sh', '/tmp/install.sh'], files);
      expect(again).toMatchObject({ code: 0, stdout: '' });
      const cleaned = await inRoot(
        root,
        ['sh', '-c', 'echo secret >/root/.ssh/authorized_keys 2>/dev/null; sh /tmp/clean.sh && wc -c </etc/machine-id'],
        files,
      );
      expect(cleaned).toMatchObject({ code: 0, stdout: '0\n' });
    },
  );
});

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('what Packer of Debian says', () => {
  let root: string;
  beforeAll(async () => {
    root = await installedRoot(aptInstall('packer'));
  });

  const validate = async (change: (template: string) => string) => {
    const [image] = images;
    if (image === undefined) throw new Error('no image');
    const files = packerFiles(image, cloud, { region: 'eu-central-1' });
    const template = change(files['image.pkr.hcl'] ?? '');
    // Its AWS builder signs nothing while it checks.
    const script = 'cd /tmp && HOME=/tmp CHECKPOINT_DISABLE=1 packer validate -only=amazon-ebs.image image.pkr.hcl';
    const { code, stdout, stderr } = await inRoot(root, ['sh', '-c', script], { ...files, 'image.pkr.hcl': template });
    return { code, said: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ').trim() };
  };

  it('accepts the template for AWS', async () => {
    expect(await validate((template) => template)).toEqual({ code: 0, said: '' });
  });

  it('refuses a wrong key, and suggests the right one', async () => {
    const { code, said } = await validate((template) => template.replace('instance_type', 'instance_typ'));
    expect(code).toBe(1);
    expect(said).toContain('Did you mean "instance_type"?');
  });

  it('refuses a script that is not there', async () => {
    const { code, said } = await validate((template) => template.replace('"clean.sh"', '"other.sh"'));
    expect(code).toBe(1);
    expect(said).toContain('other.sh');
  });
});

describe.skipIf(reason !== undefined && process.env['CI'] === undefined)('what Vagrant of Debian says', () => {
  let root: string;
  beforeAll(async () => {
    root = await installedRoot(aptInstall('vagrant'));
  });

  const validate = async (text: string) => {
    const script = 'cd /tmp && HOME=/tmp VAGRANT_HOME=/tmp/home vagrant validate --ignore-provider';
    const { code, stdout, stderr } = await inRoot(root, ['sh', '-c', script], { Vagrantfile: text });
    return { code, said: `${stdout}${stderr}` };
  };
  const { text } = vagrantfile(project, blueprint, cloud, { servers: 3, memoryMiB: 1024 });

  it('accepts the file', async () => {
    const { code, said } = await validate(text);
    expect(said).toContain('Vagrantfile validated successfully.');
    expect(code).toBe(0);
  });

  it('refuses a wrong key', async () => {
    const { code, said } = await validate(text.replace('config.vm.box ', 'config.vm.bax '));
    expect(code).toBe(1);
    expect(said).toContain('bax');
  });
});
