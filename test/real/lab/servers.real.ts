import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { healthyLab } from '../support/lab.ts';
import { type Checkout, ensureBase, openCheckout } from './checkout.ts';

let operator: Checkout;
/** Names of their own for each run: image and flavor are made anew here, and others use the cloud meanwhile. */
const name = `servers-${Date.now().toString(36).slice(-5)}`;
const made: { image: string; flavor: string } = { image: '', flavor: '' };

const withId = z.looseObject({ id: z.string() });
const serverSchema = z.looseObject({
  id: z.string(),
  image: z.looseObject({ id: z.string() }),
  flavor: z.looseObject({ id: z.string().optional() }),
});
const actionSchema = z.looseObject({ action: z.string() });

async function makeImage(image = name): Promise<string> {
  const body = { name: image, disk_format: 'raw', container_format: 'bare', visibility: 'public' };
  const { id } = await operator.client.post('image', '/images', body, withId);
  const headers = { 'content-type': 'application/octet-stream' };
  await operator.client.put('image', `/images/${id}/file`, undefined, { headers });
  return id;
}

async function makeFlavor(): Promise<string> {
  const flavor = { name, vcpus: 1, ram: 512, disk: 1 };
  return (await operator.client.post('compute', '/flavors', { flavor }, z.object({ flavor: withId }))).flavor.id;
}

async function server(): Promise<z.output<typeof serverSchema>> {
  const [found] = await operator.client.list(
    'compute',
    `/servers/detail?all_tenants=1&name=${name}`,
    'servers',
    serverSchema,
    // Later versions tell no id of a flavor.
    { headers: { 'openstack-api-version': 'compute 2.1' } },
  );
  if (found === undefined) throw new Error(`no server of ${name}`);
  return found;
}

async function actions(): Promise<string[]> {
  const path = `/servers/${(await server()).id}/os-instance-actions`;
  return (await operator.client.list('compute', path, 'instanceActions', actionSchema)).map(({ action }) => action);
}

beforeAll(async () => {
  const lab = await healthyLab();
  operator = await openCheckout(lab);
  // Before the configuration names what only this test makes: a fresh cloud's base would make it too.
  await ensureBase(operator);
  made.image = await makeImage();
  made.flavor = await makeFlavor();
  const cloud = join(operator.root, 'config/clouds/lab.yaml');
  const text = readFileSync(cloud, 'utf8')
    .replace(
      /^images:$/m,
      `images:\n  ${name}: { file: /var/lib/tandem-lab/images/debian-12.raw, format: raw, user: debian }\n  ${name}-2: { file: /var/lib/tandem-lab/images/debian-12.raw, format: raw, user: debian }`,
    )
    .replace(/^flavors:$/m, `flavors:\n  ${name}: { vcpus: 1, memoryMiB: 512, diskGiB: 1 }`);
  writeFileSync(cloud, text);
  writeFileSync(
    join(operator.root, `config/blueprints/${name}.yaml`),
    `description: one server\nprefixLength: 26\ntiers:\n  web:\n    image: ${name}\n    flavor: ${name}\n    floatingAddress: true\n    volumes: { data: { sizeGiB: 1 } }\n`,
  );
  operator.git('add', 'config');
  operator.git('commit', '-q', '-m', 'a blueprint');
});
afterAll(async () => {
  await operator.tandem('env', 'destroy', name, '--yes');
  for (const image of await operator.client.list(
    'image',
    '/images?limit=200',
    'images',
    z.looseObject({ id: z.string(), name: z.string() }),
  ))
    if (image.name.startsWith(name)) await operator.client.delete('image', `/images/${image.id}`);
  await operator.client.delete('compute', `/flavors/${made.flavor}`);
  operator.remove();
});

describe('a server of a lease', () => {
  it('is made from what its cloud has under the names', async () => {
    await operator.json(
      'env',
      'create',
      name,
      '--blueprint',
      name,
      '--owner',
      'alice@example.org',
      '--for',
      '1d',
      '--yes',
    );
    expect((await server()).image.id).toBe(made.image);
    expect((await server()).flavor.id).toBe(made.flavor);
  });

  it('stays what it is when image and flavor are made anew under their names', async () => {
    const before = await server();
    await operator.client.delete('image', `/images/${made.image}`);
    await operator.client.delete('compute', `/flavors/${made.flavor}`);
    made.image = await makeImage();
    made.flavor = await makeFlavor();
    const shown = await operator.json('plan', name, '--live');
    expect(shown['summary']).toMatchObject({ update: 0, interrupt: 0, replace: 0, delete: 0 });
    const { code, log } = await operator.tandem('deploy', name, '--yes');
    expect(log.slice(-2000) && code).toBe(0);
    await operator.json('env', 'extend', name, '--for', '1d', '--yes');
    const after = await server();
    expect([after.id, after.image.id, after.flavor.id]).toEqual([before.id, before.image.id, before.flavor.id]);
    expect((await actions()).sort()).toEqual(['attach_volume', 'create']);
  });

  it('is rebuilt from the new image where somebody asks for it and confirms', async () => {
    const before = await server();
    const { code, log } = await operator.tandem('env', 'rebuild', name, '--non-interactive');
    expect(code).toBe(1);
    expect(log).toContain('CAUTION: it is rebuilt');
    expect((await actions()).sort()).toEqual(['attach_volume', 'create']);
    await operator.json('env', 'rebuild', name, '--tier', 'web', '--yes');
    expect(await server()).toMatchObject({ id: before.id, image: { id: made.image } });
    expect(await actions()).toContain('rebuild');
    expect(await operator.json('env', 'rebuild', name, '--yes')).toMatchObject({ changes: 0 });
  });

  it('is rebuilt where its tier names another image', async () => {
    const other = await makeImage(`${name}-2`);
    const blueprint = join(operator.root, `config/blueprints/${name}.yaml`);
    writeFileSync(blueprint, readFileSync(blueprint, 'utf8').replace(`image: ${name}`, `image: ${name}-2`));
    const shown = await operator.json('plan', name, '--live');
    expect(shown['summary']).toMatchObject({ interrupt: 1, replace: 0 });
    operator.git('commit', '-qam', 'another image');
    const { code, log } = await operator.tandem('deploy', name, '--yes');
    expect(log.slice(-2000) && code).toBe(0);
    expect((await server()).image.id).toBe(other);
  });
});
