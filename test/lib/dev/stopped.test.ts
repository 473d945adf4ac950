import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freezeEnvironment, thawEnvironment } from '../../../lib/dev/change.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.end());

const create = (name: string) =>
  createEnvironment(world.ports, {
    ...{ name, blueprint: 'app', owner: `${name}@acme.example.org`, duration: '7d' },
    ...{ cloud: undefined, users: [], sshKeys: [], purpose: undefined },
  });
const asked = () => world.told.filter((line) => line.startsWith('asked: '));
/** Room for one store, of 8 vCPUs, and its web servers. */
const shrink = (): void => {
  world.cloud.room = {
    ...world.cloud.room,
    hosts: ['first', 'second'].map((zone) => ({ name: zone, zone, vcpus: 9, memoryMiB: 20_480, diskGiB: 400 })),
  };
};

it('tells whoever leases what stopped leases hold, and that they start again beside it', async () => {
  await create('ann');
  await freezeEnvironment(world.ports, 'ann');
  world.told.splice(0);
  await create('bob');
  expect(asked()[0]).toMatch(
    /stopped leases \(ann\) hold 100 GiB of volumes and 3 floating addresses, and take 10 vCPUs and 20 GiB to start again; which they would find beside this lease/,
  );
});

it('warns where they would not, and refuses where the organisation keeps their room', async () => {
  await create('ann');
  await freezeEnvironment(world.ports, 'ann');
  shrink();
  const file = join(world.ports.root, 'config/tandem.yaml');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, `${before}  roomOfStopped: kept\n`);
  world.commitAll();
  await expect(create('bob')).rejects.toMatchObject({ code: 'does-not-fit' });
  writeFileSync(file, before);
  world.commitAll();
  world.told.splice(0);
  await create('bob');
  expect(asked()[0]).toMatch(/stopped leases .*CAUTION: beside this lease not all would: /);
});

it('counts a stopped lease once when it is thawed itself', async () => {
  await create('ann');
  await freezeEnvironment(world.ports, 'ann');
  shrink();
  const file = join(world.ports.root, 'config/tandem.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}  roomOfStopped: kept\n`);
  world.commitAll();
  await thawEnvironment(world.ports, 'ann');
  expect(world.lease('ann')).not.toContain('frozen');
});
