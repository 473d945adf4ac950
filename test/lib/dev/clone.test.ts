import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CloneRequest, cloneEnvironment } from '../../../lib/dev/clone.ts';
import { createEnvironment } from '../../../lib/dev/create.ts';
import { makeWorld, type World } from './world.ts';

const KEY = `ssh-ed25519 ${'A'.repeat(68)}`;
let world: World;
beforeEach(async () => {
  world = makeWorld();
  await createEnvironment(world.ports, {
    ...{ name: 'ann', blueprint: 'app', owner: 'ann@acme.example.org', duration: '7d', cloud: undefined },
    ...{ users: ['dev-1'], sshKeys: [KEY], purpose: 'a test' },
  });
  const file = join(world.ports.root, 'config/dev/ann.yaml');
  writeFileSync(
    file,
    `${readFileSync(file, 'utf8')}tiers: { web: { count: 1 } }\nautostop: { idleHours: 3 }\nprotected: true\napprovedUpdate: 0123456789ab\n`,
  );
  world.commitAll();
  world.told.splice(0);
});
afterEach(() => world.end());

const clone = (more: Partial<CloneRequest> = {}) =>
  cloneEnvironment(world.ports, {
    ...{ source: 'ann', name: 'copy', owner: undefined, cloud: undefined, duration: undefined },
    ...{ users: [], sshKeys: [], purpose: undefined },
    ...more,
  });
const written = (): unknown => parse(world.lease('copy') ?? '');

describe('a clone', () => {
  it('is leased like the other, by what makes it another than its blueprint, and says that it has no data', async () => {
    const { environment } = await clone();
    expect(environment.lease.value.tiers).toEqual({ web: { count: 1 } });
    expect(written()).toEqual({
      ...{ blueprint: 'app', owner: 'ann@acme.example.org', cloud: 'north', since: '2026-11-21', until: '2026-11-27' },
      sshKeys: [KEY],
      ...{ tiers: { web: { count: 1 } }, purpose: 'a test' },
      autostop: expect.objectContaining({ idleHours: 3 }),
    });
    expect(world.told[0]).toBe('copy begins with empty volumes: the data of ann is not copied');
    expect(world.cloud.states.get('p-copy')?.servers).toHaveLength(2);
  });

  it('lets nobody in whom its new owner did not name', async () => {
    await clone({ owner: 'bob@acme.example.org' });
    expect(written()).not.toHaveProperty('sshKeys');
    expect(written()).not.toHaveProperty('users');
  });

  it('is finished by being run again, and fails over another lease of that name', async () => {
    world.before = (effect) => {
      if (effect === 'apply') throw new Error('killed');
    };
    await expect(clone()).rejects.toThrow('killed');
    world.before = () => undefined;
    expect((await clone()).changes).toBe(7);
    await expect(clone({ owner: 'bob@acme.example.org' })).rejects.toMatchObject({ code: 'lease-exists' });
    await createEnvironment(world.ports, {
      ...{ name: 'dora', blueprint: 'app', owner: 'ann@acme.example.org', duration: '7d', cloud: undefined },
      ...{ users: [], sshKeys: [], purpose: undefined },
    });
    await expect(clone({ name: 'dora' })).rejects.toMatchObject({ code: 'lease-exists' });
  });

  it('fails for a lease that is not there', async () => {
    await expect(clone({ source: 'nobody' })).rejects.toMatchObject({ code: 'no-such-lease' });
  });
});
