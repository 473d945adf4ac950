import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { installScript } from '../../../lib/bring-up/install.ts';
import { rabbitmq } from '../../../lib/components/rabbitmq/component.ts';
import { imagesOf } from '../../../lib/images/image.ts';
import { hcl, packerFiles } from '../../../lib/images/packer.ts';
import type { Edit } from '../../configured.ts';
import { caches } from './caches.ts';

function files(tier: string, edits: readonly Edit[] = []): Readonly<Record<string, string>> {
  const { project, blueprint, cloud } = caches(edits);
  const image = imagesOf(project, blueprint, cloud).find((each) => each.tier === tier);
  if (image === undefined) throw new Error(`no image of ${tier}`);
  return packerFiles(image, cloud, { region: 'eu-central-1' });
}

describe('images of a blueprint', () => {
  it('are one for each tier that runs components, named by what is installed', () => {
    const { project, blueprint, cloud } = caches();
    const images = imagesOf(project, blueprint, cloud);
    expect(images.map(({ name, components }) => [name, Object.keys(components)])).toEqual([
      ['caches-cache', ['memcached']],
      ['caches-queue', ['rabbitmq']],
    ]);
    expect(images[0]?.versionedName).toMatch(/^caches-cache-[0-9a-f]{12}$/);
    expect(images.map(({ from }) => from)).toEqual([
      { image: 'debian-12', flavor: 'small', user: 'debian' },
      { image: 'debian-12', flavor: 'medium', user: 'debian' },
    ]);
  });

  it('install what servers install, and take away what each server has of its own', () => {
    const written = files('queue');
    expect(written['install.sh']).toBe(installScript([rabbitmq]));
    expect(() => execFileSync('sh', ['-n'], { input: written['clean.sh'] ?? '(' })).not.toThrow();
    expect(written['clean.sh']).toContain('ssh_host_*_key');
  });

  it('have the same bytes every time', () => {
    expect(files('cache')).toEqual(files('cache'));
  });

  it("have the cloud's own endpoint, image and user in the template, and its mirrors for OpenStack alone", () => {
    const template = files('cache')['image.pkr.hcl'];
    expect(template).toContain('cloud               = "lab"');
    expect(template).toContain('source_image_name   = "debian-12"');
    expect(template).not.toContain('override');
    const own = files('cache', [['clouds/lab.yaml', 'mirrors.maven', 'https://mirror.example.org/maven']]);
    expect(own['image.pkr.hcl']).toContain(
      'environment_vars = ["TANDEM_MIRROR_MAVEN=https://mirror.example.org/maven"]',
    );
    expect(own['install.sh']).toBe(files('cache')['install.sh']);
  });
});

describe('a text of HCL', () => {
  it('evaluates nothing', () => {
    expect(hcl('a "b" ${c} %{d}')).toBe(String.raw`"a \"b\" $${'$'}{c} %%{d}"`);
  });
});
